import type { Pod } from "../../api/kinds/pod.ts";
import { Annotation } from "../../api/well-known.ts";
import { parseDuration } from "../../lib/duration.ts";

/** From a binding to the pod's end, in ms, as its annotations say; infinite when they do not. */
export function expectedRunMs({ metadata: { annotations } }: Pod): number {
  if (annotations === undefined) return Number.POSITIVE_INFINITY;
  let runMs = known.get(annotations);
  if (runMs === undefined) {
    runMs = readRunMs(annotations);
    known.set(annotations, runMs);
  }
  return runMs;
}

/** Asked often of pods that wait long. */
const known = new WeakMap<Annotations, number>();

type Annotations = Readonly<Record<string, string>>;

function readRunMs(annotations: Annotations): number {
  const duration = annotations[Annotation.duration];
  const runMs = duration === undefined ? undefined : parseDuration(duration);
  if (runMs === undefined) return Number.POSITIVE_INFINITY;
  return runMs + (parseDuration(annotations[Annotation.startDelay] ?? "") ?? 0);
}
