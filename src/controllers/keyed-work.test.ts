import { expect, it } from "vitest";
import { VirtualClock } from "../clock/virtual.ts";
import { KeyedWork } from "./keyed-work.ts";

/** Work that fails as often as told, and how often it was done. */
function scene(failures: number) {
  const clock = new VirtualClock();
  const errors: unknown[] = [];
  let runs = 0;
  const work = new KeyedWork({ clock, onError: (error) => errors.push(error) }, async () => {
    runs++;
    await Promise.resolve();
    if (runs <= failures) throw new Error(`failure ${runs}`);
  });
  return { clock, errors, work, runs: () => runs };
}

it("is done once more for all requests that come meanwhile", async () => {
  const { clock, work, runs } = scene(0);
  for (let request = 0; request < 5; request++) work.request("a");
  await clock.settle();
  expect(runs()).toBe(2);
});

it("is tried again after a failure, which is reported", async () => {
  const { clock, errors, work, runs } = scene(2);
  work.request("a");
  await clock.advance(2_000);
  expect([runs(), errors.map(String)]).toEqual([3, ["Error: failure 1", "Error: failure 2"]]);
  expect(clock.pendingTimers).toBe(0);
});

it("leaves nothing behind when it fails after its end", async () => {
  const { clock, errors, work, runs } = scene(1);
  work.request("a");
  work.stop();
  await clock.settle();
  expect([runs(), errors, clock.pendingTimers]).toEqual([1, [], 0]);
});
