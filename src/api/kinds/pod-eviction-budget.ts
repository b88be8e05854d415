import { ApiError } from "../errors.ts";
import type { ActionContext } from "../kind.ts";
import { selects } from "../label-selector.ts";
import { keyOf, timestamp } from "../meta.ts";
import { modify } from "../modify.ts";
import type { Pod } from "./pod.ts";
import { podCondition } from "./pod-condition.ts";
import { type PodDisruptionBudget, podDisruptionBudgets } from "./pod-disruption-budget.ts";

const REFUSAL = "Cannot evict pod as it would violate the pod's disruption budget.";

/**
 * Takes one disruption from the budget of a pod that is to be evicted (registry/core/pod/storage/eviction.go). Pods
 * that have not begun or have ended cost nothing.
 * @throws ApiError TooManyRequests when the budget has none left, BadRequest (Kubernetes: 500) under several
 */
export async function spendBudget(
  { objects }: ActionContext,
  pod: Pod,
  now: number,
  dryRun: boolean,
): Promise<void> {
  const { namespace, labels, deletionTimestamp } = pod.metadata;
  if (deletionTimestamp !== undefined || pod.status.phase !== "Running" || namespace === undefined) return;
  const { items } = await objects.list(podDisruptionBudgets, { namespace });
  const mine = items.filter(({ spec }) => spec.selector !== undefined && selects(spec.selector, labels));
  const budget = mine[0];
  if (budget === undefined) return;
  if (mine.length > 1) {
    const message =
      "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";
    throw new ApiError("BadRequest", message);
  }
  if (dryRun) spent(budget, pod, now);
  else {
    const change = (current: PodDisruptionBudget) => spent(current, pod, now);
    await modify(objects, podDisruptionBudgets, keyOf(budget), change, { subresource: "status" });
  }
}

function spent(budget: PodDisruptionBudget, pod: Pod, now: number): PodDisruptionBudget {
  const { spec, status, metadata } = budget;
  if (podCondition(pod, "Ready")?.status !== "True") {
    if (spec.unhealthyPodEvictionPolicy === "AlwaysAllow") return budget;
    if (status.desiredHealthy > 0 && status.currentHealthy >= status.desiredHealthy) return budget;
  }
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
    throw refused(`The disruption budget ${metadata.name} is still being processed by the server.`);
  }
  if (status.disruptionsAllowed <= 0) {
    const { desiredHealthy, currentHealthy } = status;
    throw refused(
      `The disruption budget ${metadata.name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`,
    );
  }
  const disruptedPods = { ...status.disruptedPods, [pod.metadata.name]: timestamp(now) };
  return {
    ...budget,
    status: { ...status, disruptionsAllowed: status.disruptionsAllowed - 1, disruptedPods },
  };
}

/** Without retryAfterSeconds, or clients would wait and ask again by themselves instead of telling. */
function refused(why: string): ApiError {
  return new ApiError("TooManyRequests", REFUSAL, { causes: [{ reason: "DisruptionBudget", message: why }] });
}
