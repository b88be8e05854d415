import type { NodeView, PodView, ScoreContext, Strategy } from "../strategy.ts";

/** Any node that has room, all equally likely; the seed decides. */
export const random: Strategy = {
  name: "random",
  summary: "any node that has room, by the seed",
  score: (_pod, _node, context) => context.random.next(),
  order: { by: "chance" },
  device,
};

/** Any GPU of the node with enough left. */
function device({ gpu }: PodView, { gpus }: NodeView, { random: chance }: ScoreContext): number {
  const wanted = gpu?.milli ?? 0;
  const enough = (gpus?.left ?? []).flatMap((left, index) => (left >= wanted ? [index] : []));
  return enough[chance.below(Math.max(1, enough.length))] ?? 0;
}
