import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Kind } from "../../src/api/kind.ts";
import { deployments } from "../../src/api/kinds/deployment.ts";
import { pods as podKind } from "../../src/api/kinds/pod.ts";
import { findStrategy } from "../../src/scheduler/strategies/registry.ts";
import type { Strategy } from "../../src/scheduler/strategy.ts";
import { podDraft } from "../../src/simulate/drafts.ts";
import { lowerBound } from "../../src/simulate/plan/lower-bound.ts";
import { makePlan, type Plan, type PlanOrder } from "../../src/simulate/plan/plan.ts";
import { podsOf } from "../../src/simulate/plan/pods-of.ts";

const FITS = ["first-fit", "best-fit", "worst-fit"];

function strategies(names: readonly string[]): Strategy[] {
  return names.map((name) => findStrategy(name) as Strategy);
}

/** A plan for items in bins: an item is a pod that asks for so much cpu. */
function plan(sizes: readonly number[], capacity: number, order: PlanOrder = "given", names = FITS): Plan {
  const drafts = sizes.map((size, at) => ({
    kind: podKind as unknown as Kind,
    draft: podDraft(`item-${at}`, { cpu: `${size}m` }),
  }));
  const node = { cpu: `${capacity}m`, memory: "1Gi", pods: "1000" };
  return makePlan({ pods: podsOf(drafts), node, strategies: strategies(names), seed: "1", order });
}

/** Falkenauer's instances; sizes times `scale`, so that they are whole. */
function instances(file: string, scale: number) {
  const url = new URL(`../../fixtures/binpack/${file}`, import.meta.url);
  const words = readFileSync(url, "utf8").trim().split(/\s+/);
  const found: { capacity: number; best: number; sizes: number[] }[] = [];
  for (let at = 1; at < words.length; ) {
    const [capacity, count, best] = words.slice(at + 1, at + 4).map(Number) as [number, number, number];
    const sizes = words.slice(at + 4, at + 4 + count).map((word) => Math.round(Number(word) * scale));
    found.push({ capacity: Math.round(capacity * scale), best, sizes });
    at += 4 + count;
  }
  return found;
}

describe.each([
  {
    file: "binpack1.txt",
    scale: 1,
    optimum: 981,
    listed: 983,
    given: [1044, 1038, 1131],
    sorted: [995, 995, 1003],
  },
  {
    file: "binpack5.txt",
    scale: 10,
    optimum: 400,
    listed: 400,
    given: [400, 400, 400],
    sorted: [464, 464, 464],
  },
])("$file beside its optimum of $optimum bins", ({ file, scale, optimum, listed, given, sorted }) => {
  const all = instances(file, scale);
  const sums = (order: PlanOrder) => {
    const plans = all.map(({ sizes, capacity }) => plan(sizes, capacity, order));
    return FITS.map((_, at) => plans.reduce((sum, one) => sum + (one.plans[at]?.onDemand ?? 0), 0));
  };

  it("opens as many bins as the rule says, and never fewer than the optimum", () => {
    expect(all.reduce((sum, { best }) => sum + best, 0)).toBe(listed);
    const [asTheyCome, largestFirst] = [sums("given"), sums("largest-first")];
    expect(asTheyCome).toEqual(given);
    expect(largestFirst).toEqual(sorted);
    for (const sum of [...asTheyCome, ...largestFirst]) expect(sum).toBeGreaterThanOrEqual(optimum);
    expect(Math.min(...largestFirst)).toBeLessThan(optimum * 1.2);
  });

  it("bounds every instance from below; in all these the bound is the optimum itself", () => {
    let sum = 0;
    for (const { sizes, capacity, best } of all) {
      const { lowerBound: bound } = plan(sizes, capacity, "given", ["first-fit"]);
      expect(bound.nodes).toBeLessThanOrEqual(best);
      sum += bound.nodes;
    }
    expect(sum).toBe(optimum);
  });
});

describe("a plan", () => {
  it("is for a number of nodes that holds all pods, while one less does not", () => {
    const size = fc.integer({ min: 1, max: 100 });
    fc.assert(
      fc.property(fc.array(size, { minLength: 1, maxLength: 60 }), (sizes) => {
        const { plans, lowerBound: bound } = plan(sizes, 100, "given", ["first-fit", "best-fit", "spread"]);
        for (const { strategy, nodes, onDemand } of plans) {
          expect(nodes).toBeGreaterThanOrEqual(bound.nodes);
          // Where the fullest or first node is taken, empty ones that wait in reserve change nothing.
          if (strategy !== "spread") expect(nodes).toBe(onDemand);
        }
      }),
      { numRuns: 50, seed: 4 },
    );
  });

  it("knows that two pods of more than half a node can not share one, which their sum does not say", () => {
    const pods = Array.from({ length: 10 }, () => ({ cpu: 51, memory: 10 }));
    expect(lowerBound(pods, { cpu: 100, memory: 100 })).toEqual({ nodes: 10, resource: "cpu" });
    expect(lowerBound([{ cpu: 60 }, { cpu: 60 }, { cpu: 40 }, { cpu: 40 }], { cpu: 100 }).nodes).toBe(2);
    expect(lowerBound([], { cpu: 100 }).nodes).toBe(0);
  });

  it("counts the replicas of workloads, and names pods that fit nowhere", () => {
    const template = {
      spec: { containers: [{ name: "c", image: "i", resources: { requests: { cpu: "2" } } }] },
    };
    const web = { kind: "Deployment", metadata: { name: "web" }, spec: { replicas: 5, template } };
    const pods = podsOf([
      { kind: deployments as unknown as Kind, draft: web as never },
      { kind: podKind as unknown as Kind, draft: podDraft("giant", { cpu: "9" }) },
    ]);
    const options = { pods, node: { cpu: "4" }, strategies: strategies(["kubernetes"]), seed: "1" };
    expect(makePlan({ ...options, order: "given" })).toEqual({
      pods: 5,
      neverFit: ["giant"],
      lowerBound: { nodes: 3, resource: "cpu" },
      plans: [{ strategy: "kubernetes", nodes: 3, onDemand: 3 }],
    });
  });
});
