import { describe, expect, it } from "vitest";
import { type Clock, Phase } from "./clock.ts";
import { HeldClock } from "./held.ts";
import { RealClock } from "./real.ts";
import { VirtualClock } from "./virtual.ts";

/** The machine's timers count in whole milliseconds of a clock of their own. */
const MIN_SHARE = 0.9;

/** One suite over every clock: `pass` lets time go by. */
function describeClock(
  name: string,
  make: () => { clock: Clock; pass: (durationMs: number) => Promise<void> },
): void {
  describe(name, () => {
    it("runs a callback once, when its time has come and never inside the call", async () => {
      const { clock, pass } = make();
      const startMs = clock.monotonicMs();
      const seen: string[] = [];
      let laterMs = 0;
      clock.after(0, () => seen.push("now"));
      clock.after(40, () => {
        seen.push("later");
        laterMs = clock.monotonicMs() - startMs;
      });
      expect(seen).toEqual([]);
      await pass(10);
      // A busy machine may be late with this one, and run the other with it.
      expect(seen[0]).toBe("now");
      while (laterMs === 0) await pass(10);
      expect(laterMs).toBeGreaterThanOrEqual(MIN_SHARE * 40);
      await pass(100);
      expect(seen).toEqual(["now", "later"]);
    });

    it("never runs what was cancelled", async () => {
      const { clock, pass } = make();
      const seen: string[] = [];
      clock.after(5, () => seen.push("once")).cancel();
      clock.every(5, () => seen.push("again")).cancel();
      await pass(40);
      expect(seen).toEqual([]);
    });

    it("repeats until cancelled, also from within", async () => {
      const { clock, pass } = make();
      let runs = 0;
      const timer = clock.every(10, () => {
        if (++runs === 3) timer.cancel();
      });
      // A busy machine may leave some turns out.
      while (runs < 3) await pass(10);
      await pass(100);
      expect(runs).toBe(3);
    });

    it("sleeps, and wakes early with the signal's reason", async () => {
      const { clock, pass } = make();
      const start = clock.monotonicMs();
      const slept = clock.sleep(20).then(() => clock.monotonicMs() - start);
      const abort = new AbortController();
      const woken = clock.sleep(1_000, abort.signal).catch((reason: unknown) => reason);
      abort.abort("enough");
      await pass(60);
      expect(await slept).toBeGreaterThanOrEqual(MIN_SHARE * 20);
      expect(await woken).toBe("enough");
      await expect(clock.sleep(1, AbortSignal.abort("before"))).rejects.toBe("before");
    });
  });
}

describeClock("RealClock", () => {
  const clock = new RealClock();
  return { clock, pass: (durationMs) => clock.sleep(durationMs) };
});

describeClock("VirtualClock", () => {
  const clock = new VirtualClock();
  return { clock, pass: (durationMs) => clock.advance(durationMs) };
});

describeClock("HeldClock", () => {
  const clock = new HeldClock();
  return { clock, pass: (durationMs) => clock.advance(durationMs) };
});

describe("VirtualClock", () => {
  it("runs one instant by phase: completions, arrivals, one scheduling pass", async () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    clock.after(10, () => seen.push("scheduling"), Phase.scheduling);
    clock.after(10, () => seen.push("arrival 1"), Phase.arrival);
    clock.after(10, () => seen.push("completion"), Phase.completion);
    clock.after(10, () => seen.push("arrival 2"), Phase.arrival);
    await clock.advance(10);
    expect(seen).toEqual(["completion", "arrival 1", "arrival 2", "scheduling"]);
  });

  it("settles chains of promises before the next phase and before time moves on", async () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    clock.after(5, async () => {
      for (let hop = 0; hop < 50; hop++) await Promise.resolve();
      seen.push(`settled at ${clock.monotonicMs()}`);
      clock.after(0, () => seen.push("completion of the same instant"), Phase.completion);
    });
    clock.after(5, () => seen.push("scheduling"), Phase.scheduling);
    clock.after(6, () => seen.push("next"));
    await clock.advance(10);
    expect(seen).toEqual(["settled at 5", "completion of the same instant", "scheduling", "next"]);
    expect(clock.monotonicMs()).toBe(10);
  });

  it("waits for work of the outside world before it goes on, however long that takes and however it ends", async () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    const slow = (what: string) =>
      new Promise((_resolve, reject) => setTimeout(() => reject(new Error(what)), 20));
    clock.after(1, () => {
      clock.waitFor(slow("failed")).catch(({ message }) => {
        seen.push(`${message} at ${clock.monotonicMs()}`);
        clock.after(0, () => seen.push(`what it caused at ${clock.monotonicMs()}`));
      });
    });
    clock.after(2, () => seen.push("later"));
    await clock.advance(5);
    expect(seen).toEqual(["failed at 1", "what it caused at 1", "later"]);
  });

  it("stands still until told, and stops as soon as a condition holds", async () => {
    const clock = new VirtualClock(1_000);
    expect(clock.now()).toBe(1_000);
    let done = false;
    clock.after(30_000, () => {
      done = true;
    });
    clock.after(60_000, () => {
      throw new Error("must not be reached");
    });
    await clock.runUntil(() => done, 100_000);
    expect(clock.now()).toBe(31_000);
  });
});
