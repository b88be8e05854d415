import type { Admission, QueueDiscipline } from "../discipline.ts";

const everybody: Admission = {
  longestRunMs: () => Number.POSITIVE_INFINITY,
  overtook: () => undefined,
};

/** What Kubernetes does: one pass through the queue places all that fit. */
export const skip: QueueDiscipline = {
  name: "skip",
  summary: "goes once through the queue and places all that fit, as Kubernetes does",
  startsAtHead: false,
  start: () => ({ placed: () => undefined, behind: () => everybody }),
};
