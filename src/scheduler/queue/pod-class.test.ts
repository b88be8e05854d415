import fc from "fast-check";
import { expect, test } from "vitest";
import type { Pod } from "../../api/kinds/pod.ts";
import { placeablePod } from "../placement/testing.ts";
import type { PodInfo } from "../pod-info.ts";
import { PodClass, type QueuedPod } from "./pod-class.ts";

function pod(place: number): PodInfo {
  const uid = String(place).padStart(3, "0");
  return { ...placeablePod(uid, { cpu: 1 }), uid, place: uid, priority: 0, mayPreempt: true, pod: {} as Pod };
}

test("turns go by place, past those that left and were passed over, whatever came in between", () => {
  const place = fc.nat({ max: 200 });
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant("add" as const), place }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("remove" as const), place }) },
    fc.constant({ do: "pass over" as const }),
    fc.constant({ do: "start over" as const }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300, size: "max" }), (steps) => {
      const podClass = new PodClass("x");
      const there = new Map<number, QueuedPod>();
      let passed = new Set<number>();
      const expected = () => [...there.keys()].filter((at) => !passed.has(at)).sort((a, b) => a - b)[0];
      for (const step of steps) {
        if (step.do === "add" && !there.has(step.place)) {
          there.set(step.place, podClass.add(pod(step.place)));
          // Whoever stands behind a new pod has its turn after it, again.
          passed = new Set([...passed].filter((at) => at < step.place));
        } else if (step.do === "remove") {
          const leaving = there.get(step.place);
          if (leaving !== undefined) podClass.remove(leaving);
          there.delete(step.place);
        } else if (step.do === "pass over") {
          const turn = expected();
          if (turn !== undefined) passed.add(turn);
          podClass.passOver();
        } else if (step.do === "start over") {
          passed.clear();
          podClass.startOver();
        }
        const turn = expected();
        expect(podClass.next()?.info.place).toBe(turn === undefined ? undefined : pod(turn).place);
        const first = Math.min(...there.keys());
        expect(podClass.first()?.info.place).toBe(there.size === 0 ? undefined : pod(first).place);
      }
    }),
  );
});
