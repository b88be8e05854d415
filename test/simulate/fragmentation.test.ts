import { describe, expect, it } from "vitest";
import { fixture, prepared, simulate } from "./scene.ts";

/**
 * Goal: the comparison of "Beware of Fragmentation" comes out. Method: a twelfth of the paper's cluster; the whole of
 * it, with ten seeds, is `npm run bench -- fragmentation`.
 */
const RESOURCES = ["cpu", "memory", "gpu"];
const spec = {
  nodes: {
    file: fixture("openb", "openb_node_list_all_node.csv"),
    resources: RESOURCES,
    select: "kubesim.dev/gpu-model",
    every: 12,
  },
  workload: {
    file: fixture("openb", "openb_pod_list_default.csv"),
    resources: RESOURCES,
    arrivals: "none",
    limit: 850,
    order: "shuffled",
    demand: "gpu=1.3",
  },
};

describe("GPUs given to pods when 130 % of what there is has been asked for", () => {
  it("are the more, the better a strategy avoids fragments", async () => {
    const shares: number[] = [];
    for (const strategy of ["random", "dot-product", "best-fit", "fgd"]) {
      const { gpuAllocationPercent, invariantViolations } = await simulate(spec, "1", strategy);
      expect(invariantViolations).toBe(0);
      shares.push(gpuAllocationPercent as number);
    }
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    const [random = 0, , bestFit = 0, fgd = 0] = shares;
    expect(random).toBeLessThan(93);
    expect(fgd).toBeGreaterThan(bestFit + 0.5);
    expect(fgd).toBeLessThan(100);
  });

  it("are null where there are none", async () => {
    const result = await simulate({ nodes: { count: 1 }, workload: { arrivals: "none", count: 1 } });
    expect(result.gpuAllocationPercent).toBeNull();
  });
});

describe("a workload that is drawn again", () => {
  it.each([
    [{ arrivals: "trace" }, "workload[0].demand: needs arrivals: none"],
    [{ arrivals: "trace", demand: undefined }, "workload[0].order: needs arrivals: none"],
    [{ demand: "gpu=0" }, 'workload[0].demand: "gpu=0" is not a demand'],
    [{ resources: ["cpu"] }, "has no pods that ask for gpu"],
  ])("%j is refused", (change, message) => {
    const wrong = { ...spec, workload: { ...spec.workload, ...change } };
    expect(() => prepared(wrong, ["first-fit"])).toThrow(message);
  });
});
