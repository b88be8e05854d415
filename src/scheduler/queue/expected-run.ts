import type { Pod } from "../../api/kinds/pod.ts";
import { Annotation } from "../../api/well-known.ts";
import { parseDuration } from "../../lib/duration.ts";

/** From a binding to the pod's end, in ms, as its annotations say; infinite when they do not. */
export function expectedRunMs({ metadata: { annotations } }: Pod): number {
  const duration = annotations?.[Annotation.duration];
  const runMs = duration === undefined ? undefined : parseDuration(duration);
  if (runMs === undefined) return Number.POSITIVE_INFINITY;
  return runMs + (parseDuration(annotations?.[Annotation.startDelay] ?? "") ?? 0);
}
