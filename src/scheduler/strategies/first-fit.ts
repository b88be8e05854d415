import type { Strategy } from "../strategy.ts";

/** The first node, in order of creation, that has room. */
export const firstFit = {
  name: "first-fit",
  summary: "the node created first that has room",
  score: (_pod, node) => -node.index,
  order: { by: "creation" },
  explain: (_pod, node) => `number ${node.index + 1} in order of creation`,
} as const satisfies Strategy;
