import { describe, expect, it } from "vitest";
import { HeldClock } from "./held.ts";
import { VirtualClock } from "./virtual.ts";

/** Lets the event loop turn, as arriving requests do. */
function turns(count = 10): Promise<void> {
  return count === 0
    ? Promise.resolve()
    : new Promise((resolve) => setImmediate(() => resolve(turns(count - 1))));
}

describe("HeldClock", () => {
  it("does the work of the present instant by itself, and none of a later one", async () => {
    const clock = new HeldClock();
    const seen: string[] = [];
    clock.after(0, () => {
      seen.push("now");
      clock.after(0, () => seen.push("what follows at once"));
      clock.after(1, () => seen.push("later"));
    });
    await turns();
    expect(seen).toEqual(["now", "what follows at once"]);
    expect(clock.monotonicMs()).toBe(0);
    expect(await clock.leap({ durationMs: 5 })).toBe(true);
    expect(seen).toContain("later");
    expect(clock.monotonicMs()).toBe(5);
  });

  it("lets callers in between two instants of a leap, with everything of the earlier one done", async () => {
    const clock = new HeldClock();
    let underWay = 0;
    const timer = clock.every(10, async () => {
      underWay++;
      for (let hop = 0; hop < 20; hop++) await Promise.resolve();
      clock.after(0, () => underWay--);
    });
    const leap = clock.leap({ durationMs: 10_000 });
    const seen = new Set<number>();
    while (clock.isLeaping) {
      await clock.turn();
      expect(underWay).toBe(0);
      seen.add(clock.monotonicMs());
    }
    await leap;
    timer.cancel();
    expect(seen.size).toBeGreaterThan(100);
    expect(clock.monotonicMs()).toBe(10_000);
  });

  it("ends a leap at a clean instant when it is held", async () => {
    const clock = new HeldClock();
    clock.every(1, () => undefined);
    const leap = clock.leap({ durationMs: 1_000_000 });
    await turns(20);
    await clock.hold();
    expect(await leap).toBe(false);
    const stoodAt = clock.monotonicMs();
    expect(stoodAt).toBeGreaterThan(0);
    expect(stoodAt).toBeLessThan(1_000_000);
    await turns();
    expect(clock.monotonicMs()).toBe(stoodAt);
  });

  it("keeps pace with the real clock at its speed until it is held", async () => {
    const real = new VirtualClock();
    const clock = new HeldClock({ real });
    let ticks = 0;
    clock.every(1_000, () => ticks++);
    clock.run(100);
    for (let look = 0; look < 100; look++) {
      await real.advance(10);
      await turns(60);
    }
    expect(clock.monotonicMs()).toBe(100_000);
    expect(ticks).toBe(100);
    await clock.hold();
    await real.advance(1_000);
    await turns();
    expect(clock.monotonicMs()).toBe(100_000);
  });

  it("waits for a sink that is full", async () => {
    let isFull = false;
    let drains = 0;
    const sink = {
      get isFull() {
        return isFull;
      },
      async drained() {
        await turns(3);
        drains++;
        isFull = false;
      },
    };
    const clock = new HeldClock({ sink });
    const seen: boolean[] = [];
    clock.every(1, () => {
      seen.push(isFull);
      isFull = true;
    });
    await clock.leap({ durationMs: 20 });
    expect(seen).toEqual(Array.from({ length: 20 }, () => false));
    expect(drains).toBe(20);
  });

  it("goes on from where another one stood", () => {
    const clock = new HeldClock({ startMs: 1_000, elapsedMs: 500 });
    expect(clock.now()).toBe(1_500);
    expect(clock.monotonicMs()).toBe(500);
  });
});
