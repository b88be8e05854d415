import { type Container, graceSecondsIn, type Pod } from "../../../api/kinds/pod.ts";
import { controllerOf } from "../../../api/owner-references.ts";
import { Annotation } from "../../../api/well-known.ts";
import { parseDuration } from "../../../lib/duration.ts";
import { annotatedCode, annotatedMs } from "./annotations.ts";
import { commandOf, failureIn, isEndless, sleepIn } from "./command-hints.ts";
import { foreseenRun } from "./foreseen-run.ts";
import type { Role } from "./role.ts";

/** Annotations that hold at once when they change while a container runs. */
export const BEHAVIOUR: readonly string[] = [
  Annotation.duration,
  Annotation.readyAfter,
  Annotation.unreadyAt,
  Annotation.unreadyFor,
  Annotation.startedAfter,
  Annotation.livenessFailsAfter,
  Annotation.pullError,
];

/** From binding to Running, unless the pod says otherwise. */
const DEFAULT_START_DELAY_MS = 100;

/** So long a container takes to end after it was told to, unless the pod says otherwise. */
const DEFAULT_STOP_MS = 50;

/** So long an init container takes of which nothing else is known. */
const DEFAULT_INIT_MS = 100;

/** So long a container of a Job takes of which nothing else is known. */
const DEFAULT_JOB_MS = 5_000;

/** What ends at once is seen running all the same. */
const SHORTEST_RUN_MS = 100;

/** From binding to the start of the first container; a text that is no duration counts as absent. */
export function startDelayMs(pod: Pod): number {
  const text = pod.metadata.annotations?.[Annotation.startDelay];
  return (text === undefined ? undefined : parseDuration(text)) ?? DEFAULT_START_DELAY_MS;
}

/**
 * How long a container runs before it ends by itself; undefined: for ever. Init containers end in any case, and so do
 * those of Jobs, which are written to do something and end, unless their command says otherwise.
 */
export function runDurationMs(pod: Pod, container: Container, role: Role): number | undefined {
  const said = annotatedMs(pod, container.name, Annotation.duration);
  if (said !== undefined || role === "sidecar") return said;
  if (role === "init") return sleepIn(commandOf(container)) ?? DEFAULT_INIT_MS;
  // It is somebody's shell, and ends when they leave it.
  if (container.stdin === true) return undefined;
  const foreseen = foreseenRun(container);
  if (foreseen !== undefined) return Math.max(SHORTEST_RUN_MS, foreseen.durationMs);
  return controllerOf(pod)?.kind === "Job" && !isEndless(commandOf(container)) ? DEFAULT_JOB_MS : undefined;
}

/** The code that a container ends with by itself. */
export function exitCode(pod: Pod, container: Container, role: Role): number {
  const said = annotatedCode(pod, container.name, Annotation.exitCode);
  if (said !== undefined) return said;
  return role === "init" ? failureIn(commandOf(container)) : (foreseenRun(container)?.exitCode ?? 0);
}

/** How long a container takes to end after it was told to. */
export function stopDurationMs(pod: Pod, { name }: Container): number {
  return annotatedMs(pod, name, Annotation.stopAfter) ?? DEFAULT_STOP_MS;
}

/** The grace period of a pod that is being deleted, in seconds; with a time: what is left of it then. */
export function deletionGraceS({ metadata }: Pod, now: number | undefined): number {
  const { deletionGracePeriodSeconds = 0, deletionTimestamp } = metadata;
  if (now === undefined || deletionTimestamp === undefined) return deletionGracePeriodSeconds;
  return Math.max(0, (Date.parse(deletionTimestamp) - now) / 1_000);
}

/** The grace period of a pod for an end that nobody has asked for, in seconds. */
export function podGraceS({ spec }: Pod): number {
  return graceSecondsIn(spec);
}
