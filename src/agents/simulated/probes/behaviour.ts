import type { Pod } from "../../../api/kinds/pod.ts";
import { Annotation } from "../../../api/well-known.ts";
import { parseDuration } from "../../../lib/duration.ts";

/** When probes of a pod's containers fail: times in ms since their start, from an end on or up to it. */
export interface ProbeBehaviour {
  /** Readiness fails before this. */
  readonly readyAfterMs: number;
  /** Readiness fails again from this on ... */
  readonly unreadyAtMs: number;
  /** ... up to this. */
  readonly readyAgainMs: number;
  /** Startup fails before this. */
  readonly startedAfterMs: number;
  /** Liveness fails from this on. */
  readonly livenessFailsAfterMs: number;
}

/** All is well from the start on and for ever. */
export const HEALTHY: ProbeBehaviour = Object.freeze({
  readyAfterMs: 0,
  unreadyAtMs: Number.POSITIVE_INFINITY,
  readyAgainMs: Number.POSITIVE_INFINITY,
  startedAfterMs: 0,
  livenessFailsAfterMs: Number.POSITIVE_INFINITY,
});

const ANNOTATIONS = [
  Annotation.readyAfter,
  Annotation.unreadyAt,
  Annotation.unreadyFor,
  Annotation.startedAfter,
  Annotation.livenessFailsAfter,
];

/** Whether the annotations of two states of a pod say the same of its probes. */
export function behavesAlike(left: Pod, right: Pod): boolean {
  const before = left.metadata.annotations;
  const after = right.metadata.annotations;
  return before === after || ANNOTATIONS.every((name) => before?.[name] === after?.[name]);
}

/** What the pod's annotations say of its probes; a text that is no duration counts as absent. */
export function probeBehaviour({ metadata: { annotations } }: Pod): ProbeBehaviour {
  if (annotations === undefined) return HEALTHY;
  const after = (name: string, otherwise: number) =>
    (annotations[name] === undefined ? undefined : parseDuration(annotations[name])) ?? otherwise;
  const unreadyAtMs = after(Annotation.unreadyAt, Number.POSITIVE_INFINITY);
  return {
    readyAfterMs: after(Annotation.readyAfter, 0),
    unreadyAtMs,
    readyAgainMs: unreadyAtMs + after(Annotation.unreadyFor, Number.POSITIVE_INFINITY),
    startedAfterMs: after(Annotation.startedAfter, 0),
    livenessFailsAfterMs: after(Annotation.livenessFailsAfter, Number.POSITIVE_INFINITY),
  };
}
