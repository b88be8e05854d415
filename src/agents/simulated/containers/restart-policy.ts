import type { Pod } from "../../../api/kinds/pod.ts";
import { goDuration } from "../../../lib/duration.ts";
import type { Role } from "./role.ts";

const FIRST_BACKOFF_MS = 10_000;
const LONGEST_BACKOFF_MS = 300_000;
/** Containers that ran this long start again at once. */
const RESET_AFTER_MS = 600_000;

/** Whether a container that ended with this code is started again. An init container that has done its work is not. */
export function restarts({ spec }: Pod, role: Role, exitCode: number): boolean {
  if (role === "sidecar") return true;
  const policy = spec.restartPolicy ?? "Always";
  if (role === "init" || policy === "OnFailure") return policy !== "Never" && exitCode !== 0;
  return policy === "Always";
}

/**
 * The pause before the next start, after the one before it (undefined: it has not been started again yet). The first
 * time a container starts again at once, then after 10, 20, 40, ... 300 s; and at once again when it ran for ten
 * minutes (kubelet, doBackOff).
 */
export function nextBackoffMs(lastBackoffMs: number | undefined, ranMs: number): number {
  if (lastBackoffMs === undefined || ranMs >= RESET_AFTER_MS) return 0;
  return longerBackoffMs(lastBackoffMs);
}

/** A pause twice as long, from 10 s on. */
export function longerBackoffMs(lastBackoffMs: number): number {
  return lastBackoffMs === 0 ? FIRST_BACKOFF_MS : Math.min(2 * lastBackoffMs, LONGEST_BACKOFF_MS);
}

/** The pause that stood before the n-th restart (n from 1), as far as the count alone tells; undefined before that. */
export function backoffOfRestart(restartCount: number): number | undefined {
  if (restartCount <= 1) return restartCount === 1 ? 0 : undefined;
  return Math.min(FIRST_BACKOFF_MS * 2 ** (restartCount - 2), LONGEST_BACKOFF_MS);
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
