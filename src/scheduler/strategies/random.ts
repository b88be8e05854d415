import type { Strategy } from "../strategy.ts";

/** Any node that has room, all equally likely; the seed decides. */
export const random: Strategy = {
  name: "random",
  summary: "any node that has room, by the seed",
  score: (_pod, _node, context) => context.random.next(),
  order: { by: "chance" },
};
