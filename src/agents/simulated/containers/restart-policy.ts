import type { Pod } from "../../../api/kinds/pod.ts";
import { goDuration } from "../../../lib/duration.ts";
import type { Role } from "./role.ts";

const FIRST_BACKOFF_MS = 10_000;
const LONGEST_BACKOFF_MS = 300_000;
/** Containers that ran this long start again with the first back-off. */
const RESET_AFTER_MS = 600_000;

/** Whether a container that ended with this code is started again. An init container that has done its work is not. */
export function restarts({ spec }: Pod, role: Role, exitCode: number): boolean {
  if (role === "sidecar") return true;
  const policy = spec.restartPolicy ?? "Always";
  if (role === "init" || policy === "OnFailure") return policy !== "Never" && exitCode !== 0;
  return policy === "Always";
}

/** The pause before the next start: 10, 20, 40, ... 300 s, and 10 s again after ten minutes of running. */
export function nextBackoffMs(lastBackoffMs: number, ranMs: number): number {
  if (lastBackoffMs === 0 || ranMs >= RESET_AFTER_MS) return FIRST_BACKOFF_MS;
  return Math.min(2 * lastBackoffMs, LONGEST_BACKOFF_MS);
}

/** The pause that stood before the n-th restart (n from 1), as far as the count alone tells. */
export function backoffOfRestart(restartCount: number): number {
  return restartCount <= 0 ? 0 : Math.min(FIRST_BACKOFF_MS * 2 ** (restartCount - 1), LONGEST_BACKOFF_MS);
}

/** Why a container waits: the message of its state. */
export function backoffText(pod: Pod, container: string, backoffMs: number): string {
  const pause = goDuration(Math.round(backoffMs / 1_000) * 1_000);
  return `back-off ${pause} restarting failed container=${container} pod=${fullName(pod)}`;
}

/** The message of the event that tells of it. */
export function backoffEventText(pod: Pod, container: string): string {
  return `Back-off restarting failed container ${container} in pod ${fullName(pod)}`;
}

/** `name_namespace(uid)`: how a kubelet names a pod. */
function fullName({ metadata: { name, namespace, uid } }: Pod): string {
  return `${name}_${namespace}(${uid})`;
}
