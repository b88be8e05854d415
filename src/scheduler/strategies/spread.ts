import type { Strategy } from "../strategy.ts";

/** The node with the fewest pods; ties go to the node created first. */
export const spread: Strategy = {
  name: "spread",
  summary: "the node with the fewest pods",
  score: (_pod, node) => -node.podCount,
  order: { by: "key", key: (node) => node.podCount },
  explain: (_pod, node) => `${node.podCount} pods before`,
};
