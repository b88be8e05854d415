import type { ReplicaSet, ReplicaSetStatus } from "../../api/kinds/replica-set.ts";
import { type Condition, timestamp } from "../../api/meta.ts";
import { messageOf } from "../workloads/pod-control.ts";
import type { Counts } from "./tally.ts";

/** What went wrong in a look at a ReplicaSet, if anything did. */
export interface Trouble {
  readonly reason: "FailedCreate" | "FailedDelete";
  readonly error: unknown;
}

/** The status of a ReplicaSet with these pods. */
export function replicaSetStatus(
  { metadata, status }: ReplicaSet,
  counts: Readonly<Counts>,
  available: number,
  trouble: Trouble | undefined,
  now: number,
): ReplicaSetStatus {
  const conditions = withFailure(status.conditions ?? [], trouble, now);
  return {
    replicas: counts.active,
    ...(counts.labelled > 0 && { fullyLabeledReplicas: counts.labelled }),
    ...(counts.ready > 0 && { readyReplicas: counts.ready }),
    ...(available > 0 && { availableReplicas: available }),
    observedGeneration: metadata.generation ?? 0,
    ...(conditions.length > 0 && { conditions }),
  };
}

/** Condition ReplicaFailure stands while creating or deleting pods fails. */
function withFailure(
  conditions: readonly Condition[],
  trouble: Trouble | undefined,
  now: number,
): readonly Condition[] {
  const before = conditions.find(({ type }) => type === "ReplicaFailure");
  if (trouble === undefined) {
    return before === undefined ? conditions : conditions.filter((condition) => condition !== before);
  }
  if (before !== undefined) return conditions;
  const { reason, error } = trouble;
  const lastTransitionTime = timestamp(now);
  const failure: Condition = {
    type: "ReplicaFailure",
    status: "True",
    lastTransitionTime,
    reason,
    message: messageOf(error),
  };
  return [...conditions, failure];
}
