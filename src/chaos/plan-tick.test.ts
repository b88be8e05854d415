import { describe, expect, it } from "vitest";
import { Dice } from "./dice.ts";
import type { ChaosOptions, Limit } from "./options.ts";
import { type PlanNode, planTick } from "./plan-tick.ts";
import { validateChaosOptions } from "./validate-options.ts";

function options(input: Parameters<typeof validateChaosOptions>[0]): ChaosOptions {
  const validated = validateChaosOptions(input);
  if (!validated.ok) throw new Error(JSON.stringify(validated.errors));
  return validated.options;
}

function node(name: string, state: Partial<PlanNode> = {}): PlanNode {
  return { name, inScope: true, up: true, failedByRun: false, otherwiseDown: false, ...state };
}

const failed = (name: string) => node(name, { up: false, failedByRun: true });
const ten = Array.from({ length: 10 }, (_, index) => node(`node-${index}`));
const dice = () => new Dice("1", [{ name: "node-crash", weight: 1 }]);
const certain = { failureProb: "1", recoveryProb: "1" };

describe("a tick", () => {
  it("first recovers, then fails, and a node may do both", () => {
    const plan = planTick(0, [failed("a"), node("b")], dice(), options(certain));
    expect(plan.recoveries).toEqual(["a"]);
    expect(plan.failures.map((failure) => failure.node)).toEqual(["a", "b"]);
  });

  it("never touches nodes that are out of scope or down for another reason", () => {
    const nodes = [node("a", { inScope: false }), node("b", { otherwiseDown: true, up: false }), node("c")];
    const plan = planTick(0, nodes, dice(), options(certain));
    expect(plan.failures.map((failure) => failure.node)).toEqual(["c"]);
  });

  it("lets a failed node recover though it is not in scope any more, and does not fail it again", () => {
    const nodes = [node("a", { up: false, failedByRun: true, inScope: false })];
    const plan = planTick(0, nodes, dice(), options(certain));
    expect(plan).toEqual({ recoveries: ["a"], failures: [], heldBack: 0 });
  });

  it.each<[string, readonly PlanNode[], string | undefined, string | undefined, number]>([
    ["30 % of 10", ten, "30%", undefined, 3],
    ["33 % of 10 is rounded down", ten, "33%", undefined, 3],
    ["a count", ten, "4", undefined, 4],
    ["less than one node", ten, "5%", undefined, 0],
    ["two are down already", [failed("x"), failed("y"), ...ten], "3", undefined, 1],
    ["one must stay up", ten, undefined, "1", 9],
    ["25 % of 10 must stay up, rounded up", ten, undefined, "25%", 7],
    ["both caps", ten, "8", "5", 5],
    ["a protected node is one that stays up", [...ten, node("p", { inScope: false })], undefined, "1", 10],
    ["100 % is no cap", ten, "100%", "0", 10],
  ])("caps: %s", (_, nodes, maxDown, minUp, failures) => {
    const plan = planTick(0, nodes, dice(), options({ failureProb: "1", recoveryProb: "0", maxDown, minUp }));
    expect(plan.failures).toHaveLength(failures);
    const couldFail = nodes.filter(({ up, inScope }) => up && inScope).length;
    expect(plan.heldBack).toBe(couldFail - failures);
  });

  it("caps favour no name: over many ticks every node is chosen about as often", () => {
    const chosen = new Map<string, number>();
    const throwing = dice();
    const capped = options({ failureProb: "1", recoveryProb: "0", maxDown: "3" });
    for (let tick = 0; tick < 2_000; tick++) {
      for (const failure of planTick(tick, ten, throwing, capped).failures) {
        chosen.set(failure.node, (chosen.get(failure.node) ?? 0) + 1);
      }
    }
    // 600 expected each, standard deviation 20.
    for (const count of chosen.values()) expect(Math.abs(count - 600)).toBeLessThan(100);
    expect(chosen.size).toBe(10);
  });
});

/** Rolls a whole run of plans without a cluster; returns the most nodes that were down after any tick. */
function mostDown(seed: string, names: readonly string[], runOptions: ChaosOptions, ticks: number): number {
  const throwing = new Dice(seed, runOptions.faults);
  const down = new Set<string>();
  let most = 0;
  for (let tick = 0; tick < ticks; tick++) {
    const nodes = names.map((name) => (down.has(name) ? failed(name) : node(name)));
    const plan = planTick(tick, nodes, throwing, runOptions);
    for (const name of plan.recoveries) down.delete(name);
    for (const failure of plan.failures) down.add(failure.node);
    most = Math.max(most, down.size);
  }
  return most;
}

describe("a thousand runs of ten nodes", () => {
  const names = ten.map(({ name }) => name);
  const limits: readonly [string, Limit][] = [["--max-down 30%", { percent: 30 }]];
  it.each(limits)("never break %s, and reach it", (_, maxDown) => {
    const capped = { ...options({}), maxDown };
    const most = Array.from({ length: 1_000 }, (__, run) => mostDown(`run ${run}`, names, capped, 60));
    expect(Math.max(...most)).toBe(3);
  });

  it("never break --min-up 1, and reach it", () => {
    const capped = options({ failureProb: "0.6", recoveryProb: "0.1", minUp: "1" });
    const most = Array.from({ length: 1_000 }, (_, run) => mostDown(`run ${run}`, names, capped, 60));
    expect(Math.max(...most)).toBe(9);
  });
});
