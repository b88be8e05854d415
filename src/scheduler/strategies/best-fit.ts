import type { Strategy } from "../strategy.ts";
import { cpuLeft, explainCpuLeft, freeCpu } from "./cpu-left.ts";

/** The node with the least CPU left after placement; ties go to the node created first. */
export const bestFit: Strategy = {
  name: "best-fit",
  summary: "the node with the least cpu left after placement",
  score: (pod, node) => -cpuLeft(pod, node),
  order: { by: "key", key: freeCpu },
  explain: explainCpuLeft,
};
