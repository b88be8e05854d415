import { GPU_MILLI } from "../../api/gpu.ts";
import type { NodeView, PodView } from "../strategy.ts";

/** A GPU counts as much as 16 CPUs: machines with 8 of the one and 128 of the other are common. */
const CPU_PER_GPU = 16;

/** CPU in milli that nobody asks for; where GPUs are shared, theirs too, at what they count as. */
export function freeRoom(node: NodeView): number {
  const free = freeCpu(node);
  return node.gpus === undefined ? free : free + CPU_PER_GPU * freeGpu(node);
}

/** What would be left of that with the pod on the node. */
export function roomLeft({ requests }: PodView, node: NodeView): number {
  return freeRoom(node) - (requests.cpu ?? 0) - CPU_PER_GPU * (requests[GPU_MILLI] ?? 0);
}

/** `1500m cpu left`. */
export function explainRoomLeft({ requests }: PodView, node: NodeView): string {
  const cpu = `${freeCpu(node) - (requests.cpu ?? 0)}m cpu`;
  if (node.gpus === undefined) return `${cpu} left`;
  return `${cpu} and ${freeGpu(node) - (requests[GPU_MILLI] ?? 0)} gpu-milli left`;
}

function freeCpu({ allocatable, requested }: NodeView): number {
  return (allocatable.cpu ?? 0) - (requested.cpu ?? 0);
}

function freeGpu({ allocatable, requested }: NodeView): number {
  return (allocatable[GPU_MILLI] ?? 0) - (requested[GPU_MILLI] ?? 0);
}
