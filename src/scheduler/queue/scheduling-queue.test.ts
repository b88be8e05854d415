import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Pod } from "../../api/kinds/pod.ts";
import { placeablePod } from "../placement/testing.ts";
import type { PodInfo } from "../pod-info.ts";
import { SchedulingQueue } from "./scheduling-queue.ts";

function pod(uid: string, rest: { cpu?: number; priority?: number; place?: string } = {}): PodInfo {
  const placeable = placeablePod(uid, { cpu: rest.cpu ?? 1 });
  const { priority = 0, place = uid } = rest;
  // The queue hands the object through and does not look at it.
  return { ...placeable, uid, place, priority, mayPreempt: true, pod: {} as Pod };
}

/** Takes pods out as a pass in which all fit would. */
function drain(queue: SchedulingQueue): string[] {
  const order: string[] = [];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    order.push(next.info.uid);
    queue.remove(next.info.uid);
    queue.next(next.podClass);
  }
  return order;
}

describe("the active queue", () => {
  test("higher priority comes first, then the earlier place, whatever came, changed and went", () => {
    const uid = fc.nat({ max: 30 }).map((at) => String(at).padStart(2, "0"));
    const put = fc.record({
      do: fc.constant("put" as const),
      uid,
      cpu: fc.nat({ max: 2 }),
      priority: fc.nat({ max: 1 }),
      place: uid,
    });
    const remove = fc.record({ do: fc.constant("remove" as const), uid });
    const pop = fc.record({ do: fc.constant("pop" as const) });
    const steps = fc.array(fc.oneof({ weight: 3, arbitrary: put }, remove, pop), { maxLength: 80 });
    fc.assert(
      fc.property(steps, (steps) => {
        const queue = new SchedulingQueue();
        const waiting = new Map<string, PodInfo>();
        for (const step of steps) {
          if (step.do === "put") {
            // Places are unique, as uids are.
            const info = pod(step.uid, { ...step, place: `${step.place}/${step.uid}` });
            queue.put(info);
            waiting.set(step.uid, info);
          } else if (step.do === "remove") {
            queue.remove(step.uid);
            waiting.delete(step.uid);
          } else {
            const next = queue.pop();
            if (next !== undefined) queue.next(next.podClass);
          }
          expect(queue.hasActive).toBe(waiting.size > 0);
        }
        const sorted = [...waiting.values()].sort(
          (a, b) => b.priority - a.priority || (a.place < b.place ? -1 : 1),
        );
        expect(drain(queue)).toEqual(sorted.map((info) => info.uid));
        expect(queue.hasActive).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test("a class moves forward when an earlier pod joins it", () => {
    const queue = new SchedulingQueue();
    queue.put(pod("3", { cpu: 1 }));
    queue.put(pod("2", { cpu: 2 }));
    queue.put(pod("1", { cpu: 1 }));
    expect(drain(queue)).toEqual(["1", "2", "3"]);
  });
});

describe("unschedulable pods", () => {
  test("equal pods are put aside and woken as one", () => {
    const queue = new SchedulingQueue();
    for (const uid of ["1", "2", "3"]) queue.put(pod(uid));
    const first = queue.pop();
    expect(first?.info.uid).toBe("1");
    queue.park(first?.podClass as NonNullable<typeof first>["podClass"], 0);
    expect(queue.hasActive).toBe(false);
    queue.wake(() => false);
    expect(queue.hasActive).toBe(false);
    queue.wake(({ requests }) => requests.cpu === 1);
    expect(drain(queue)).toEqual(["1", "2", "3"]);
  });

  test("a pod that joins others which wait is tried, so that it hears why", () => {
    const queue = new SchedulingQueue();
    queue.put(pod("1"));
    const first = queue.pop();
    queue.park(first?.podClass as NonNullable<typeof first>["podClass"], 0);
    queue.put(pod("2"));
    expect(queue.hasUnschedulable).toBe(false);
    expect(queue.pop()?.info.uid).toBe("1");
  });

  test("they are tried again five minutes after they were put aside", () => {
    const queue = new SchedulingQueue();
    queue.put(pod("1"));
    const first = queue.pop();
    queue.park(first?.podClass as NonNullable<typeof first>["podClass"], 1_000);
    queue.flush(300_999);
    expect(queue.hasActive).toBe(false);
    queue.flush(301_000);
    expect(drain(queue)).toEqual(["1"]);
  });
});

describe("the back-off queue", () => {
  test("the wait doubles from 1 s to 10 s", () => {
    const waits = [1, 2, 3, 4, 5, 6].map((failures) => {
      const queue = new SchedulingQueue();
      queue.backOff(pod("1"), failures, failures, 0);
      return queue.nextBackoffEndMs();
    });
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  test("a pod that changes or goes meanwhile does not come out twice", () => {
    const queue = new SchedulingQueue();
    for (const uid of ["1", "2"]) queue.backOff(pod(uid), 1, 1, 0);
    queue.put(pod("1", { cpu: 7 }));
    queue.remove("2");
    queue.flush(999);
    expect(queue.hasActive).toBe(false);
    queue.flush(1_000);
    expect(queue.pop()?.info.requests.cpu).toBe(7);
    expect(queue.pop()).toBeUndefined();
    expect(queue.nextBackoffEndMs()).toBeUndefined();
  });
});
