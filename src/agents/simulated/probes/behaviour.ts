import type { Pod } from "../../../api/kinds/pod.ts";
import { Annotation } from "../../../api/well-known.ts";
import { annotatedMs } from "../containers/annotations.ts";

/** When probes of a container fail: times in ms since its start, from an end on or up to it. */
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

/** What the annotations say of a container's probes; a text that is no duration counts as absent. */
export function probeBehaviour(pod: Pod, container: string): ProbeBehaviour {
  if (pod.metadata.annotations === undefined) return HEALTHY;
  const after = (name: string, otherwise: number) => annotatedMs(pod, container, name) ?? otherwise;
  const unreadyAtMs = after(Annotation.unreadyAt, Number.POSITIVE_INFINITY);
  return {
    readyAfterMs: after(Annotation.readyAfter, 0),
    unreadyAtMs,
    readyAgainMs: unreadyAtMs + after(Annotation.unreadyFor, Number.POSITIVE_INFINITY),
    startedAfterMs: after(Annotation.startedAfter, 0),
    livenessFailsAfterMs: after(Annotation.livenessFailsAfter, Number.POSITIVE_INFINITY),
  };
}
