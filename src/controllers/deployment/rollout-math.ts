import { scaledValue } from "../../api/int-or-percent.ts";
import type { Deployment } from "../../api/kinds/deployment.ts";
import type { ReplicaSet } from "../../api/kinds/replica-set.ts";
import { maxReplicasOf } from "./revisions.ts";

/** Pods above the wanted number that a rolling update may make. */
export function maxSurge({ spec }: Deployment): number {
  return spec.strategy.type === "RollingUpdate" ? fences(spec).surge : 0;
}

/** Pods of the wanted number that may be missing during a rolling update. */
export function maxUnavailable({ spec }: Deployment): number {
  if (spec.strategy.type !== "RollingUpdate" || spec.replicas === 0) return 0;
  return Math.min(fences(spec).unavailable, spec.replicas);
}

/** Surge is rounded up, unavailability down. When nothing is left of both, one may be missing: something must move. */
function fences({ strategy, replicas }: Deployment["spec"]): { surge: number; unavailable: number } {
  const { maxSurge: most = 0, maxUnavailable: least = 0 } = strategy.rollingUpdate ?? {};
  const surge = scaledValue(most, replicas, "up");
  const unavailable = scaledValue(least, replicas, "down");
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

/** Pods that ReplicaSets ask for in all. */
export function desiredOf(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, { spec }) => sum + spec.replicas, 0);
}

/** Pods that there are in all. */
export function actualOf(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, { status }) => sum + status.replicas, 0);
}

/** Pods that can serve in all. */
export function availableOf(sets: readonly ReplicaSet[]): number {
  return sets.reduce((sum, { status }) => sum + (status.availableReplicas ?? 0), 0);
}

/** The size that the newest ReplicaSet may have now, while `current` is what it asks for. */
export function newSetReplicas(deployment: Deployment, all: readonly ReplicaSet[], current: number): number {
  const { replicas, strategy } = deployment.spec;
  if (strategy.type === "Recreate") return replicas;
  const room = replicas + maxSurge(deployment) - desiredOf(all);
  return room <= 0 ? current : current + Math.min(room, replicas - current);
}

/** What older ReplicaSets are to be scaled down to: first those whose pods do not serve anyway. */
export function scaledDownSets(
  deployment: Deployment,
  old: readonly ReplicaSet[],
  newSet: ReplicaSet | undefined,
): ReadonlyMap<ReplicaSet, number> {
  const all = newSet === undefined ? old : [...old, newSet];
  const minAvailable = deployment.spec.replicas - maxUnavailable(deployment);
  const newUnavailable =
    newSet === undefined ? 0 : newSet.spec.replicas - (newSet.status.availableReplicas ?? 0);
  const sizes = new Map<ReplicaSet, number>();
  let cleanable = desiredOf(all) - minAvailable - newUnavailable;
  if (cleanable <= 0) return sizes;
  const byAge = [...old].filter(({ spec }) => spec.replicas > 0).sort(isOlder);
  for (const set of byAge) {
    const count = Math.min(cleanable, set.spec.replicas - (set.status.availableReplicas ?? 0));
    if (count <= 0) continue;
    sizes.set(set, set.spec.replicas - count);
    cleanable -= count;
  }
  let spare = availableOf(all) - minAvailable;
  for (const set of byAge) {
    const size = sizes.get(set) ?? set.spec.replicas;
    const count = Math.min(spare, size);
    if (count <= 0) continue;
    sizes.set(set, size - count);
    spare -= count;
  }
  return sizes;
}

/**
 * The sizes of ReplicaSets when a Deployment is scaled in the middle of a rollout: each takes its share of the
 * difference, the largest what is left over.
 */
export function proportionalSizes(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
): ReadonlyMap<ReplicaSet, number> {
  const { replicas } = deployment.spec;
  const total = desiredOf(sets);
  const allowed = replicas > 0 ? replicas + maxSurge(deployment) : 0;
  const toAdd = allowed - total;
  const bySize = [...sets].sort(
    (a, b) => b.spec.replicas - a.spec.replicas || (toAdd > 0 ? isOlder(b, a) : isOlder(a, b)),
  );
  const sizes = new Map<ReplicaSet, number>();
  let added = 0;
  for (const set of bySize) {
    const share = toAdd === 0 ? 0 : shareOf(set, deployment, toAdd, added);
    sizes.set(set, set.spec.replicas + share);
    added += share;
  }
  const [largest] = bySize;
  if (largest !== undefined && toAdd !== 0) {
    sizes.set(largest, Math.max(0, (sizes.get(largest) as number) + toAdd - added));
  }
  return sizes;
}

function shareOf(set: ReplicaSet, deployment: Deployment, toAdd: number, added: number): number {
  const size = set.spec.replicas;
  const left = toAdd - added;
  if (size === 0 || left === 0) return 0;
  const fraction = fractionOf(set, deployment);
  return toAdd > 0 ? Math.min(fraction, left) : Math.max(fraction, left);
}

/** How much the set would change if it kept its share of the whole. */
function fractionOf(set: ReplicaSet, deployment: Deployment): number {
  if (deployment.spec.replicas === 0) return -set.spec.replicas;
  const whole = deployment.spec.replicas + maxSurge(deployment);
  const before = maxReplicasOf(set) ?? deployment.status.replicas ?? 0;
  if (before === 0) return 0;
  return Math.round((set.spec.replicas * whole) / before) - set.spec.replicas;
}

/** Orders by creation; uids of one server do too. */
export function isOlder({ metadata: a }: ReplicaSet, { metadata: b }: ReplicaSet): number {
  if (a.creationTimestamp !== b.creationTimestamp) return a.creationTimestamp < b.creationTimestamp ? -1 : 1;
  return a.uid < b.uid ? -1 : 1;
}
