import type { NodeView, PodView, ScoreContext, Strategy } from "../strategy.ts";

/**
 * Fragmentation gradient descent ("Beware of Fragmentation", USENIX ATC 2023): the node, and there the GPU, on which
 * the pod makes the fewest free GPUs useless for the pods that usually come. Scores are whole numbers from 0 to 100,
 * 50 where nothing changes; ties go to the lowest node name.
 */
export const fgd: Strategy = {
  name: "fgd",
  summary: "the node whose free gpus stay most useful for typical pods",
  score,
  ties: "name",
  device: (pod, node, { fragmentation }) => fragmentation?.().growth(pod, node).device ?? 0,
  explain: (pod, node, { fragmentation }) => {
    const growth = fragmentation?.().growth(pod, node).milli ?? 0;
    return `${Math.abs(growth).toFixed(0)} gpu-milli ${growth < 0 ? "less" : "more"} of no use to typical pods`;
  },
};

function score(pod: PodView, node: NodeView, { fragmentation }: ScoreContext): number {
  const growth = fragmentation?.().growth(pod, node).milli ?? 0;
  return Math.floor(100 / (1 + Math.exp(growth / 1_000)));
}
