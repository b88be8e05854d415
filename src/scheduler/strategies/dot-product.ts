import { GPU_MILLI } from "../../api/gpu.ts";
import type { NodeView, PodView, Strategy } from "../strategy.ts";

/** Amounts are counted as shares of a large machine: 128 CPUs and 8 GPUs. */
const LARGE = { cpu: 128_000, gpu: 8_000 };

/**
 * The node whose free CPU and GPUs, as a vector, have the smallest product with what the pod asks for (Tetris, SIGCOMM
 * 2014, turned to packing). Scores are whole numbers up to 100; ties go to the lowest node name.
 */
export const dotProduct: Strategy = {
  name: "dot-product",
  summary: "the node whose free cpu and gpus have the smallest dot product with the pod's",
  score: (pod, node) => Math.floor(100 * (1 - product(pod, node) / 2)),
  ties: "name",
  explain: (pod, node) => `dot product ${product(pod, node).toFixed(4)}`,
};

function product({ requests }: PodView, { allocatable, requested }: NodeView): number {
  const share = (resource: string, large: number) => {
    const free = (allocatable[resource] ?? 0) - (requested[resource] ?? 0);
    return (free / large) * ((requests[resource] ?? 0) / large);
  };
  return share("cpu", LARGE.cpu) + share(GPU_MILLI, LARGE.gpu);
}
