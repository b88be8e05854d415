import type { Overtaking, QueueDiscipline } from "../discipline.ts";

const everybody: Overtaking = {
  longestRunMs: () => Number.POSITIVE_INFINITY,
  overtook: () => undefined,
};

/** What Kubernetes does: one pass through the queue places all that fit. */
export const skip: QueueDiscipline = {
  name: "skip",
  startsAtHead: false,
  start: () => ({ placed: () => undefined, behind: () => everybody }),
};
