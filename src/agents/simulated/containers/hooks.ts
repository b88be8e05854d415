import type { Container, LifecycleHandler, Pod } from "../../../api/kinds/pod.ts";
import { Annotation } from "../../../api/well-known.ts";
import { annotatedCode, annotatedMs } from "./annotations.ts";
import { failureIn, sleepIn } from "./command-hints.ts";

/** A hook of a container: how long it takes, and whether it fails. */
export interface Hook {
  readonly durationMs: number;
  readonly isFailing: boolean;
}

/** What is to happen right after the container's start; undefined: nothing. */
export function postStartHook(pod: Pod, { name, lifecycle }: Container): Hook | undefined {
  const handler = lifecycle?.postStart;
  if (handler === undefined) return undefined;
  const code = annotatedCode(pod, name, Annotation.postStartExitCode) ?? failureOf(handler);
  return { durationMs: durationOf(pod, name, handler, Annotation.postStart), isFailing: code !== 0 };
}

/** How long it takes what is to happen before the container is told to end; 0: nothing does. */
export function preStopMs(pod: Pod, { name, lifecycle }: Container): number {
  const handler = lifecycle?.preStop;
  return handler === undefined ? 0 : durationOf(pod, name, handler, Annotation.preStop);
}

function durationOf(pod: Pod, name: string, { sleep, exec }: LifecycleHandler, annotation: string): number {
  const said = annotatedMs(pod, name, annotation);
  if (said !== undefined) return said;
  if (sleep !== undefined) return (sleep.seconds ?? 0) * 1_000;
  return sleepIn((exec?.command ?? []).join(" ")) ?? 0;
}

function failureOf({ exec }: LifecycleHandler): number {
  return failureIn((exec?.command ?? []).join(" "));
}
