import type { QueueDiscipline } from "../discipline.ts";

/** First come, first served: nobody overtakes. */
export const fcfs: QueueDiscipline = {
  name: "fcfs",
  summary: "first come, first served: the first that does not fit holds up all behind it",
  startsAtHead: true,
  start: () => ({ placed: () => undefined, behind: () => undefined }),
};
