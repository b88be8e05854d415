import type { Strategy } from "../strategy.ts";
import { explainRoomLeft, freeRoom, roomLeft } from "./room-left.ts";

/** The node with the most CPU (and shared GPUs) left after placement; ties go to the node created first. */
export const worstFit: Strategy = {
  name: "worst-fit",
  summary: "the node with the most cpu and shared gpu left after placement",
  score: roomLeft,
  order: { by: "key", key: (node) => -freeRoom(node) },
  explain: explainRoomLeft,
};
