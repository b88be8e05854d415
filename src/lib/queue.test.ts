import { describe, expect, it } from "vitest";
import { Queue } from "./queue.ts";

describe("Queue", () => {
  it("gives back in order what came in, also over many turns", () => {
    const queue = new Queue<number>();
    const out: number[] = [];
    let next = 0;
    for (let round = 0; round < 200; round++) {
      for (let index = 0; index < 40; index++) queue.push(next++);
      for (let index = 0; index < 35; index++) out.push(queue.shift() as number);
    }
    expect(queue.size).toBe(1_000);
    while (queue.size > 0) out.push(queue.shift() as number);
    expect(out).toEqual(Array.from({ length: next }, (_, index) => index));
    expect(queue.shift()).toBeUndefined();
    expect(queue.peek()).toBeUndefined();
  });

  it("shows the first without taking it", () => {
    const queue = new Queue<string>();
    queue.push("a");
    queue.push("b");
    expect(queue.peek()).toBe("a");
    expect(queue.size).toBe(2);
  });
});
