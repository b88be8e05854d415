import type { Pod } from "../../api/kinds/pod.ts";
import { Annotation } from "../../api/well-known.ts";
import { parseDuration } from "../../lib/duration.ts";

/** From binding to Running, unless the pod says otherwise. */
const DEFAULT_START_DELAY_MS = 100;

/** So long a container takes to end after it was told to. */
const STOP_MS = 50;

/** From binding to Running; a text that is no duration counts as absent. */
export function startDelayMs(pod: Pod): number {
  return annotatedDuration(pod, Annotation.startDelay) ?? DEFAULT_START_DELAY_MS;
}

/** How long the containers run before they end; undefined: for ever. */
export function runDurationMs(pod: Pod): number | undefined {
  return annotatedDuration(pod, Annotation.duration);
}

/** The code that the containers end with. */
export function exitCode(pod: Pod): number {
  const text = pod.metadata.annotations?.[Annotation.exitCode];
  const code = text === undefined ? 0 : Number(text);
  return Number.isInteger(code) && code >= 0 && code <= 255 ? code : 0;
}

/** How long the containers take to stop: never longer than the grace they are given. */
export function stopDelayMs(pod: Pod): number {
  const graceMs = (pod.metadata.deletionGracePeriodSeconds ?? 0) * 1_000;
  return Math.min(STOP_MS, graceMs);
}

function annotatedDuration(pod: Pod, name: string): number | undefined {
  const text = pod.metadata.annotations?.[name];
  return text === undefined ? undefined : parseDuration(text);
}
