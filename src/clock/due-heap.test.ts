import { expect, it } from "vitest";
import { createRandom } from "../lib/random.ts";
import type { Phase } from "./clock.ts";
import { type Dated, DueHeap } from "./due-heap.ts";

it("gives out by instant, then phase, then order, whatever comes and goes between", () => {
  const random = createRandom("due");
  const heap = new DueHeap<Dated>();
  const model: Dated[] = [];
  let order = 0;
  for (let step = 0; step < 5_000; step++) {
    if (model.length === 0 || random.next() < 0.55) {
      const atMs = Math.floor(random.next() * 40) / 2;
      const item = { atMs, phase: Math.floor(random.next() * 3) as Phase, order: order++ };
      heap.push(item);
      model.push(item);
    } else {
      model.sort((a, b) => a.atMs - b.atMs || a.phase - b.phase || a.order - b.order);
      expect(heap.peek()).toBe(model[0]);
      expect(heap.pop()).toBe(model.shift());
    }
    expect(heap.size).toBe(model.length);
  }
});
