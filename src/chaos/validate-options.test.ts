import { describe, expect, it } from "vitest";
import { type ChaosInput, validateChaosOptions } from "./validate-options.ts";

function errorsOf(input: ChaosInput): readonly { option: string; message: string; hint: string }[] {
  const validated = validateChaosOptions(input);
  return validated.ok ? [] : validated.errors;
}

describe("chaos options", () => {
  it("without flags are those of the seed program", () => {
    const validated = validateChaosOptions({});
    expect(validated).toEqual({
      ok: true,
      options: {
        durationMs: 300_000,
        tickMs: 5_000,
        failureProbability: 0.2,
        recoveryProbability: 0.3,
        faults: [{ name: "node-crash", weight: 1 }],
        exclude: [],
        steady: [],
        abort: [],
        checkMode: "continuous",
        startAfterMs: 0,
        settleMs: 30_000,
        dryRun: false,
      },
    });
  });

  it("take every flag", () => {
    const validated = validateChaosOptions({
      duration: "1h30m",
      failureProb: "1e-2",
      recoveryProb: "1",
      tick: "250ms",
      seed: "abc",
      fault: ["node-crash,node-hang=0.3"],
      select: "zone=a,!gpu",
      nodes: "node-[0-9]+",
      exclude: ["node-1, node-2", "node-3"],
      maxDown: "30%",
      minUp: "1",
      steady: ["running>=95%"],
      abort: ["availability<40%"],
      checkMode: "edge",
      startAfter: "10",
      settle: "0",
      dryRun: true,
    });
    expect(validated).toMatchObject({
      ok: true,
      options: {
        durationMs: 5_400_000,
        failureProbability: 0.01,
        tickMs: 250,
        faults: [
          { name: "node-crash", weight: 1 },
          { name: "node-hang", weight: 0.3 },
        ],
        exclude: ["node-1", "node-2", "node-3"],
        maxDown: { percent: 30 },
        minUp: { count: 1 },
        startAfterMs: 10_000,
        settleMs: 0,
        dryRun: true,
      },
    });
  });

  it.each<[ChaosInput, string, string, string]>([
    [{ duration: "0" }, "--duration", "too short", "300"],
    [{ duration: "-5" }, "--duration", "no duration", "300"],
    [{ duration: "1e400" }, "--duration", "no duration", "300"],
    [{ duration: "300d", tick: "1ms" }, "--tick", "more than 10,000,000 ticks", "longer tick"],
    [{ tick: "0s" }, "--tick", "too short", "300"],
    [{ failureProb: "1.5" }, "--failure-prob", "no probability", "0 to 1"],
    [{ failureProb: "-0.1" }, "--failure-prob", "no probability", "0 to 1"],
    [{ failureProb: "20%" }, "--failure-prob", "no probability", "0.2"],
    [{ recoveryProb: "NaN" }, "--recovery-prob", "no probability", "0 to 1"],
    [{ recoveryProb: "" }, "--recovery-prob", "no probability", "0 to 1"],
    [{ recoveryProb: "0x1" }, "--recovery-prob", "no probability", "0 to 1"],
    [{ seed: "" }, "--seed", "1 to 100 characters", "leave the flag out"],
    [{ fault: ["node-carsh"] }, "--fault", 'unknown fault "node-carsh"', "node-crash, node-hang"],
    [{ fault: ["node-crash=0"] }, "--fault", "no weight above 0", "node-crash=0.3"],
    [{ fault: ["node-crash=1=2"] }, "--fault", "no weight above 0", "node-crash=0.3"],
    [{ fault: ["node-crash", "node-crash"] }, "--fault", "given twice", "once"],
    [{ fault: [","] }, "--fault", "names no fault", "node-crash"],
    [{ select: "a==b==c" }, "--select", "", "zone=a"],
    [{ nodes: "node-(1" }, "--nodes", "column 8", "whole name"],
    [{ nodes: "a".repeat(300) }, "--nodes", "longer than 200", "whole name"],
    [{ maxDown: "0" }, "--max-down", "nothing to do", "--dry-run"],
    [{ maxDown: "101%" }, "--max-down", "no number of nodes", "30%"],
    [{ maxDown: "1.5" }, "--max-down", "no number of nodes", "30%"],
    [{ minUp: "-1" }, "--min-up", "no number of nodes", "30%"],
    [{ steady: ["runing>=95%"] }, "--steady", 'column 1: unknown metric "runing"', "running"],
    [{ abort: ["availability<40"] }, "--abort", "column 14", "availability>=40%"],
    [{ checkMode: "always" }, "--check-mode", 'unknown mode "always"', "continuous"],
    [{ startAfter: "soon" }, "--start-after", "no duration", "300"],
  ])("%j: %s %s", (input, option, words, hint) => {
    const errors = errorsOf(input);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.option).toBe(option);
    expect(errors[0]?.message).toContain(words);
    expect(errors[0]?.hint).toContain(hint);
  });

  it("tell everything that is wrong at once", () => {
    const errors = errorsOf({
      duration: "x",
      failureProb: "2",
      nodes: "(",
      steady: ["a", "b"],
      maxDown: "0",
    });
    expect(errors.map(({ option }) => option)).toEqual([
      "--duration",
      "--nodes",
      "--max-down",
      "--failure-prob",
      "--steady",
      "--steady",
    ]);
  });
});
