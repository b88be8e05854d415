import type { Strategy } from "../strategy.ts";
import { explainRoomLeft, freeRoom, roomLeft } from "./room-left.ts";

/** The node with the least CPU (and shared GPUs) left after placement; ties go to the node created first. */
export const bestFit: Strategy = {
  name: "best-fit",
  summary: "the node with the least cpu and shared gpu left after placement",
  score: (pod, node) => -roomLeft(pod, node),
  order: { by: "key", key: freeRoom },
  explain: explainRoomLeft,
};
