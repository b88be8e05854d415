import { describe, expect, it } from "vitest";
import { Dice, type Roll } from "./dice.ts";

const CRASH = { name: "node-crash", weight: 1 };
const HANG = { name: "node-hang", weight: 0.3 };

function history(dice: Dice, node: string, ticks = 200): Roll[] {
  return Array.from({ length: ticks }, (_, tick) => dice.roll(node, tick));
}

describe("dice", () => {
  it("give the same seed the same history, and another seed another", () => {
    expect(history(new Dice("7", [CRASH]), "a")).toEqual(history(new Dice("7", [CRASH]), "a"));
    expect(history(new Dice("7", [CRASH]), "a")).not.toEqual(history(new Dice("8", [CRASH]), "a"));
  });

  it("do not change a node's history for a node more", () => {
    const alone = history(new Dice("7", [CRASH]), "a");
    const dice = new Dice("7", [CRASH]);
    const together = alone.map((_, tick) => {
      dice.roll("b", tick);
      return dice.roll("a", tick);
    });
    expect(together).toEqual(alone);
  });

  it("a fault kind more changes no time, and only the failures that it takes over", () => {
    const before = history(new Dice("7", [CRASH]), "a", 2_000);
    const after = history(new Dice("7", [CRASH, HANG]), "a", 2_000);
    const times = (rolls: Roll[]) => rolls.map(({ recovery, failure }) => [recovery, failure]);
    expect(times(after)).toEqual(times(before));
    expect(new Set(after.map(({ fault }) => fault))).toEqual(new Set(["node-crash", "node-hang"]));
    const third = history(new Dice("7", [CRASH, HANG, { name: "other", weight: 1 }]), "a", 2_000);
    const moved = third.filter(({ fault }, index) => fault !== after[index]?.fault);
    expect(moved.length).toBeGreaterThan(0);
    expect(moved.every(({ fault }) => fault === "other")).toBe(true);
  });

  it("choose faults by weight", () => {
    const rolls = history(new Dice("weights", [CRASH, HANG]), "a", 20_000);
    const hangs = rolls.filter(({ fault }) => fault === "node-hang").length / rolls.length;
    expect(Math.abs(hangs - 0.3 / 1.3)).toBeLessThan(4 * Math.sqrt((0.231 * 0.769) / 20_000));
  });

  it("a node that joins late has the history it would have had from the start", () => {
    const whole = history(new Dice("7", [CRASH]), "a");
    expect(new Dice("7", [CRASH]).roll("a", 50)).toEqual(whole[50]);
  });
});
