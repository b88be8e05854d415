import type { ContainerState, Pod } from "../../../api/kinds/pod.ts";
import { timestamp } from "../../../api/meta.ts";
import { extend } from "../../../lib/extend.ts";

/** What a shell reports for a process that ended by SIGTERM, and by SIGKILL. */
export const SIGTERM_EXIT_CODE = 143;
export const SIGKILL_EXIT_CODE = 137;

/** How a container ended. */
export interface Ending {
  readonly exitCode: number;
  readonly reason: string;
  readonly startedAt: string;
  readonly finishedAt: string;
}

/** Containers that start within the same second share their state. */
let shared: { readonly startedAt: string; readonly state: ContainerState } | undefined;

/** State of a container that runs. */
export function runningState(startedAt: string): ContainerState {
  if (shared?.startedAt !== startedAt) shared = { startedAt, state: { running: { startedAt } } };
  return shared.state;
}

/** State of a container that has ended; `restartCount` is that of the run that ended. */
export function endedState(pod: Pod, name: string, ending: Ending, restartCount: number): ContainerState {
  return { terminated: extend(ending, { containerID: containerId(pod, name, restartCount) }) };
}

/** Names one run of a container. */
export function containerId(pod: Pod, name: string, restartCount: number): string {
  return `kubesim://${pod.metadata.uid}/${name}/${restartCount}`;
}

let second: { readonly atS: number; readonly text: string } | undefined;

/** metav1.Time of the second, made once per second. */
export function secondText(now: number): string {
  const atS = Math.floor(now / 1_000);
  if (second?.atS !== atS) second = { atS, text: timestamp(now) };
  return second.text;
}
