import type { Strategy } from "../strategy.ts";

/** Further than any cluster reaches: nodes up to the last one chosen come after all others. */
const ONE_ROUND = 2 ** 40;

/** Takes turns: the first node with room after the one chosen last, in order of creation, coming round. */
export const roundRobin: Strategy = {
  name: "round-robin",
  summary: "the next node in turn that has room",
  score: (_pod, node, { lastIndex }) => (node.index > lastIndex ? -node.index : -node.index - ONE_ROUND),
  order: { by: "creation", from: ({ lastIndex }) => lastIndex + 1 },
  explain: (_pod, node) => `number ${node.index + 1} in order of creation, next in turn`,
};
