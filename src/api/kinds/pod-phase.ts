import type { Pod } from "./pod.ts";

/** Succeeded and Failed pods hold no resources and never run again. */
export function isFinished(pod: Pod): boolean {
  return pod.status.phase === "Succeeded" || pod.status.phase === "Failed";
}
