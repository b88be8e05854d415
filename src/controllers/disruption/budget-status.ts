import { scaledValue } from "../../api/int-or-percent.ts";
import type { Pod } from "../../api/kinds/pod.ts";
import type {
  PodDisruptionBudget,
  PodDisruptionBudgetStatus,
} from "../../api/kinds/pod-disruption-budget.ts";
import { type Condition, timestamp } from "../../api/meta.ts";
import { isReady } from "../workloads/pod-readiness.ts";

/**
 * What a budget's status should say (pkg/controller/disruption).
 * @param scale how many pods the owners want; undefined when nobody knows, then nothing may be disrupted
 * @param disrupted pods that are about to be evicted
 */
export function budgetStatus(
  { spec, status, metadata }: PodDisruptionBudget,
  pods: readonly Pod[],
  scale: number | undefined,
  disrupted: Readonly<Record<string, string>>,
  now: number,
): PodDisruptionBudgetStatus {
  const expectedPods = scale ?? pods.length;
  const desiredHealthy = desiredOf(spec, expectedPods);
  const currentHealthy = pods.filter((pod) => isHealthy(pod, disrupted)).length;
  const spare = Math.max(0, currentHealthy - desiredHealthy);
  const disruptionsAllowed = scale === undefined || expectedPods === 0 ? 0 : spare;
  const { generation } = metadata;
  return {
    ...(generation !== undefined && { observedGeneration: generation }),
    ...(Object.keys(disrupted).length > 0 && { disruptedPods: disrupted }),
    disruptionsAllowed,
    currentHealthy,
    desiredHealthy,
    expectedPods,
    conditions: [conditionOf(status.conditions?.[0], scale, disruptionsAllowed, generation, now)],
  };
}

function desiredOf({ minAvailable, maxUnavailable }: PodDisruptionBudget["spec"], expected: number): number {
  if (maxUnavailable !== undefined)
    return Math.max(0, expected - scaledValue(maxUnavailable, expected, "up"));
  return minAvailable === undefined ? 0 : scaledValue(minAvailable, expected, "up");
}

function isHealthy(pod: Pod, disrupted: Readonly<Record<string, string>>): boolean {
  const { deletionTimestamp, name } = pod.metadata;
  return deletionTimestamp === undefined && !Object.hasOwn(disrupted, name) && isReady(pod);
}

function conditionOf(
  before: Condition | undefined,
  scale: number | undefined,
  allowed: number,
  generation: number | undefined,
  now: number,
): Condition {
  const status = allowed > 0 ? "True" : "False";
  const reason = scale === undefined ? "SyncFailed" : allowed > 0 ? "SufficientPods" : "InsufficientPods";
  const message = scale === undefined ? "found no controller that says how many pods there should be" : "";
  const since = before?.status === status ? before.lastTransitionTime : undefined;
  return {
    type: "DisruptionAllowed",
    status,
    reason,
    message,
    lastTransitionTime: since ?? timestamp(now),
    ...(generation !== undefined && { observedGeneration: generation }),
  };
}
