import type { NodeView, PodView } from "../strategy.ts";

/** CPU in milli that nobody asks for. */
export function freeCpu(node: NodeView): number {
  return (node.allocatable.cpu ?? 0) - (node.requested.cpu ?? 0);
}

/** CPU in milli that would be left on the node with the pod on it. */
export function cpuLeft(pod: PodView, node: NodeView): number {
  return freeCpu(node) - (pod.requests.cpu ?? 0);
}

/** `1500m cpu left`. */
export function explainCpuLeft(pod: PodView, node: NodeView): string {
  return `${cpuLeft(pod, node)}m cpu left`;
}
