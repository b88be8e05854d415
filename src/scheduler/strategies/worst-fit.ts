import type { Strategy } from "../strategy.ts";
import { cpuLeft, explainCpuLeft, freeCpu } from "./cpu-left.ts";

/** The node with the most CPU left after placement; ties go to the node created first. */
export const worstFit: Strategy = {
  name: "worst-fit",
  summary: "the node with the most cpu left after placement",
  score: cpuLeft,
  order: { by: "key", key: (node) => -freeCpu(node) },
  explain: explainCpuLeft,
};
