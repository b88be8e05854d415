import type { QueueDiscipline } from "../discipline.ts";

/** First come, first served: nobody overtakes. */
export const fcfs: QueueDiscipline = {
  name: "fcfs",
  startsAtHead: true,
  start: () => ({ placed: () => undefined, behind: () => undefined }),
};
