import { DEVICE_MILLI } from "../../api/gpu.ts";
import type { NodeView, PodView, Strategy } from "../strategy.ts";

/**
 * GPUs in use before idle ones, idle GPUs on nodes in use before nodes of which all GPUs are idle. Scores are whole
 * numbers from 0 to 100; pods without GPUs score 0 everywhere; ties go to the lowest node name.
 */
export const gpuPacking: Strategy = {
  name: "gpu-packing",
  summary: "gpus in use before idle ones, nodes in use before idle ones",
  score,
  ties: "name",
  explain: (pod, node) => {
    const { idle, opened } = use(pod, node);
    if (pod.gpu === undefined || node.gpus === undefined) return "no gpus";
    if (idle === node.gpus.left.length) return "all its gpus are idle";
    return opened === 0 ? "on gpus in use" : `takes ${opened} of ${idle} idle gpus`;
  },
};

function score(pod: PodView, node: NodeView): number {
  if (pod.gpu === undefined || node.gpus === undefined) return 0;
  const { idle, opened, leftOnUsed } = use(pod, node);
  if (idle === node.gpus.left.length) return Math.max(33 - idle, idle);
  if (opened > 0) return Math.max(50 - opened, 33);
  return Math.max(100 - Math.floor(leftOnUsed / 100), 50);
}

/** How many GPUs are idle, how many of them the pod would take, and what is left on the one that it would share. */
function use({ gpu }: PodView, { gpus }: NodeView) {
  const left = gpus?.left ?? [];
  const idle = left.filter((milli) => milli === DEVICE_MILLI).length;
  if (gpu === undefined) return { idle, opened: 0, leftOnUsed: 0 };
  if (gpu.milli === DEVICE_MILLI) return { idle, opened: gpu.devices, leftOnUsed: 0 };
  const enough = left.filter((milli) => milli >= gpu.milli && milli !== DEVICE_MILLI);
  return {
    idle,
    opened: enough.length === 0 ? 1 : 0,
    leftOnUsed: enough.length === 0 ? 0 : Math.min(...enough),
  };
}
