import { describe, expect, it } from "vitest";
import type { Pod } from "../../api/kinds/pod.ts";
import type { PodDisruptionBudget } from "../../api/kinds/pod-disruption-budget.ts";
import { budgetStatus } from "./budget-status.ts";

const pod = (name: string, ready = "True"): Pod =>
  ({ metadata: { name }, status: { conditions: [{ type: "Ready", status: ready }] } }) as unknown as Pod;
const budget = (spec: object): PodDisruptionBudget =>
  ({ metadata: { name: "b", generation: 3 }, spec, status: {} }) as unknown as PodDisruptionBudget;
const PODS = [pod("a"), pod("b"), pod("c"), pod("d", "False")];

describe("the status of a disruption budget", () => {
  it.each<[object, number | undefined, number, number]>([
    [{ minAvailable: 2 }, 4, 2, 1],
    [{ minAvailable: "50%" }, 5, 3, 0],
    [{ maxUnavailable: 1 }, 4, 3, 0],
    [{ maxUnavailable: "30%" }, 5, 3, 0],
    [{ maxUnavailable: "60%" }, 4, 1, 2],
    [{}, 4, 0, 3],
    [{ maxUnavailable: 4 }, undefined, 0, 0],
  ])("of %j for %s pods", (spec, scale, desiredHealthy, disruptionsAllowed) => {
    expect(budgetStatus(budget(spec), PODS, scale, {}, 0)).toMatchObject({
      observedGeneration: 3,
      currentHealthy: 3,
      desiredHealthy,
      disruptionsAllowed,
    });
  });

  it("counts a pod whose eviction was allowed as gone", () => {
    const status = budgetStatus(budget({ minAvailable: 2 }), PODS, 4, { a: "2025-01-01T00:00:00Z" }, 0);
    expect(status).toMatchObject({ currentHealthy: 2, disruptionsAllowed: 0 });
    expect(status.conditions?.[0]).toMatchObject({ status: "False", reason: "InsufficientPods" });
  });
});
