import type { Deployment, DeploymentCondition, DeploymentStatus } from "../../api/kinds/deployment.ts";
import type { ReplicaSet } from "../../api/kinds/replica-set.ts";
import { timestamp } from "../../api/meta.ts";
import { actualOf, availableOf, desiredOf, maxUnavailable } from "./rollout-math.ts";

const NEW_SET_AVAILABLE = "NewReplicaSetAvailable";
export const TIMED_OUT = "ProgressDeadlineExceeded";
export const PAUSED = "DeploymentPaused";
/** A deadline of this many seconds or more is none. */
const NO_DEADLINE = 2 ** 31 - 1;

/** The condition of a type, if there is one. */
export function conditionOf(status: DeploymentStatus, type: string): DeploymentCondition | undefined {
  return status.conditions?.find((condition) => condition.type === type);
}

/** A condition that begins now. */
export function condition(
  type: string,
  status: DeploymentCondition["status"],
  reason: string,
  message: string,
  now: number,
): DeploymentCondition {
  const time = timestamp(now);
  return { type, status, lastUpdateTime: time, lastTransitionTime: time, reason, message };
}

/** Conditions with one set; those that say the same already stay as they are. */
export function withCondition(
  conditions: readonly DeploymentCondition[],
  next: DeploymentCondition,
): readonly DeploymentCondition[] {
  const before = conditions.find(({ type }) => type === next.type);
  if (before?.status === next.status && before.reason === next.reason) return conditions;
  return [...withoutCondition(conditions, next.type), sinceWhen(before, next)];
}

function withoutCondition(
  conditions: readonly DeploymentCondition[],
  type: string,
): readonly DeploymentCondition[] {
  return conditions.filter((condition) => condition.type !== type);
}

function sinceWhen(before: DeploymentCondition | undefined, next: DeploymentCondition): DeploymentCondition {
  if (before?.status !== next.status || before.lastTransitionTime === undefined) return next;
  return { ...next, lastTransitionTime: before.lastTransitionTime };
}

/** Counts and condition Available of a Deployment with these ReplicaSets (Kubernetes' calculateStatus). */
export function deploymentStatus(
  deployment: Deployment,
  all: readonly ReplicaSet[],
  newSet: ReplicaSet | undefined,
  now: number,
): DeploymentStatus {
  const { spec, metadata, status } = deployment;
  const available = availableOf(all);
  const counts = {
    replicas: actualOf(all),
    updatedReplicas: newSet === undefined ? 0 : actualOf([newSet]),
    readyReplicas: all.reduce((sum, set) => sum + (set.status.readyReplicas ?? 0), 0),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, desiredOf(all) - available),
  };
  const isAvailable = available >= spec.replicas - maxUnavailable(deployment);
  const next = isAvailable
    ? condition("Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", now)
    : condition(
        "Available",
        "False",
        "MinimumReplicasUnavailable",
        "Deployment does not have minimum availability.",
        now,
      );
  return {
    observedGeneration: metadata.generation ?? 0,
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    ...(status.collisionCount !== undefined && { collisionCount: status.collisionCount }),
    conditions: withCondition(status.conditions ?? [], next),
  };
}

/** The status with condition Progressing and ReplicaFailure as a rollout in this state has them. */
export function rolloutStatus(
  deployment: Deployment,
  all: readonly ReplicaSet[],
  newSet: ReplicaSet | undefined,
  now: number,
): DeploymentStatus {
  const next = deploymentStatus(deployment, all, newSet, now);
  let conditions = next.conditions ?? [];
  if (!hasDeadline(deployment)) conditions = withoutCondition(conditions, "Progressing");
  else conditions = withProgress(deployment, conditions, next, newSet, now);
  const failure = failureOf(all, newSet, now);
  conditions =
    failure === undefined
      ? withoutCondition(conditions, "ReplicaFailure")
      : withCondition(conditions, failure);
  return { ...next, conditions };
}

function withProgress(
  deployment: Deployment,
  conditions: readonly DeploymentCondition[],
  next: DeploymentStatus,
  newSet: ReplicaSet | undefined,
  now: number,
): readonly DeploymentCondition[] {
  const before = conditionOf(deployment.status, "Progressing");
  const isDone = before?.reason === NEW_SET_AVAILABLE && (next.replicas ?? 0) === (next.updatedReplicas ?? 0);
  if (isDone) return conditions;
  const who =
    newSet === undefined
      ? `Deployment "${deployment.metadata.name}"`
      : `ReplicaSet "${newSet.metadata.name}"`;
  if (isComplete(deployment, next)) {
    const message = `${who} has successfully progressed.`;
    return withCondition(conditions, condition("Progressing", "True", NEW_SET_AVAILABLE, message, now));
  }
  if (isProgressing(deployment, next)) {
    const progress = condition("Progressing", "True", "ReplicaSetUpdated", `${who} is progressing.`, now);
    // Even with the same words the time of the update is a new one: the deadline counts from it.
    return [...withoutCondition(conditions, "Progressing"), sinceWhen(before, progress)];
  }
  if (hasTimedOut(deployment, next, now)) {
    const message = `${who} has timed out progressing.`;
    return withCondition(conditions, condition("Progressing", "False", TIMED_OUT, message, now));
  }
  return conditions;
}

function failureOf(
  all: readonly ReplicaSet[],
  newSet: ReplicaSet | undefined,
  now: number,
): DeploymentCondition | undefined {
  const sets = newSet === undefined ? all : [newSet, ...all];
  for (const { status } of sets) {
    const failure = status.conditions?.find(
      ({ type, status: is }) => type === "ReplicaFailure" && is === "True",
    );
    if (failure === undefined) continue;
    return condition("ReplicaFailure", "True", failure.reason ?? "", failure.message ?? "", now);
  }
  return undefined;
}

/** Whether the rollout is done: all pods are of the newest template and serve. */
export function isComplete({ spec, metadata }: Deployment, status: DeploymentStatus): boolean {
  return (
    (status.updatedReplicas ?? 0) === spec.replicas &&
    (status.replicas ?? 0) === spec.replicas &&
    (status.availableReplicas ?? 0) === spec.replicas &&
    (status.observedGeneration ?? 0) >= (metadata.generation ?? 0)
  );
}

function isProgressing({ status: before }: Deployment, after: DeploymentStatus): boolean {
  const old = ({ replicas = 0, updatedReplicas = 0 }: DeploymentStatus) => replicas - updatedReplicas;
  return (
    (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
    old(after) < old(before) ||
    (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0)
  );
}

function hasTimedOut(deployment: Deployment, status: DeploymentStatus, now: number): boolean {
  const progress = conditionOf(status, "Progressing");
  if (progress === undefined || progress.reason === NEW_SET_AVAILABLE) return false;
  if (progress.reason === TIMED_OUT) return true;
  return deadlineMs(deployment, progress) < now;
}

/** When a rollout that does not move will have timed out, in ms since the epoch; undefined when it can not. */
export function timesOutAtMs(deployment: Deployment, status: DeploymentStatus): number | undefined {
  const progress = conditionOf(status, "Progressing");
  if (!hasDeadline(deployment) || progress === undefined || progress.reason === TIMED_OUT) return undefined;
  if (progress.reason === PAUSED || isComplete(deployment, status)) return undefined;
  return deadlineMs(deployment, progress);
}

function deadlineMs({ spec }: Deployment, { lastUpdateTime }: DeploymentCondition): number {
  return Date.parse(lastUpdateTime ?? "") + spec.progressDeadlineSeconds * 1_000;
}

/** Whether a rollout of this Deployment can be late. */
export function hasDeadline({ spec }: Deployment): boolean {
  return spec.progressDeadlineSeconds < NO_DEADLINE;
}
