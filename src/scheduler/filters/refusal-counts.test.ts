import fc from "fast-check";
import { expect, test } from "vitest";
import { GPU_MILLI } from "../../api/gpu.ts";
import { ClusterState } from "../cache/cluster-state.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import { type PodShape, podShape } from "../cache/pod-shape.ts";
import { nodeSpec, tenant } from "../placement/testing.ts";
import { RefusalCounts } from "./refusal-counts.ts";
import { refusal, staticRefusal } from "./registry.ts";

/** What is counted, found by asking every node; undefined when one of them has room. */
function asked(state: ClusterState, shape: PodShape) {
  const reasons: Record<string, number> = {};
  let unresolvable = 0;
  const usable: NodeEntry[] = [];
  for (const node of state.nodes) {
    if (node === undefined) continue;
    if (staticRefusal(shape, node) === undefined) usable.push(node);
    const refused = refusal(shape, node);
    if (refused === undefined) return undefined;
    if (refused.unresolvable) unresolvable++;
    for (const reason of refused.reasons) reasons[reason] = (reasons[reason] ?? 0) + 1;
  }
  const roomiest = shape.resources.map((_, at) => {
    const most = Math.max(...usable.map((node) => node.room(shape, at)));
    return usable.find((node) => node.room(shape, at) === most)?.name;
  });
  return { reasons, unresolvable, roomiest };
}

function counted(counts: RefusalCounts, shape: PodShape) {
  const found = counts.of(shape);
  return (
    found && {
      reasons: Object.fromEntries(found.reasons),
      unresolvable: found.unresolvable,
      roomiest: shape.resources.map((_, at) => found.roomiest(at)?.name),
    }
  );
}

const TAINT = { key: "gone", effect: "NoSchedule" } as const;
const TOLERANT = { signature: "tolerant", tolerations: [{ key: "gone", operator: "Exists" as const }] };

const amount = fc.nat({ max: 6 });
const requests = fc.record({
  cpu: amount,
  memory: amount,
  [GPU_MILLI]: fc.constantFrom(0, 0, 0, 500, 2_000),
});
const index = fc.nat({ max: 7 });
const step = fc.oneof(
  fc.record({
    do: fc.constant("describe" as const),
    index,
    size: fc.record({
      cpu: amount,
      memory: amount,
      pods: fc.nat({ max: 4 }),
      [GPU_MILLI]: fc.constantFrom(0, 2_000),
    }),
    taints: fc.constantFrom([], [], [TAINT]),
    unschedulable: fc.constantFrom(false, false, true),
  }),
  fc.record({ do: fc.constant("remove" as const), index }),
  fc.record({ do: fc.constant("bind" as const), index, pod: index, requests }),
  fc.record({ do: fc.constant("forget" as const), pod: index }),
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("ask" as const), requests, tolerant: fc.boolean() }),
  },
);

test("what is counted is what every node would say, whatever came, changed and went", () => {
  let answers = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: "max" }), (steps) => {
      const state = new ClusterState();
      const counts = new RefusalCounts(state);
      for (const step of steps) {
        if (step.do === "describe") {
          const { taints, unschedulable } = step;
          state.setNode(nodeSpec(`node-${step.index}`, step.size, { taints, unschedulable }));
        } else if (step.do === "remove") state.removeNode(`node-${step.index}`);
        else if (step.do === "bind")
          state.bind(tenant(`pod-${step.pod}`, podShape(step.requests)), `node-${step.index}`);
        else if (step.do === "forget") state.forget(`pod-${step.pod}`);
        else {
          const shape = podShape(step.requests, step.tolerant ? TOLERANT : undefined);
          // Counting begins when it has been asked often enough.
          for (let time = 0; time < 16; time++) counts.of(shape);
          if (state.nodesTotal === 0) continue;
          const found = counted(counts, shape);
          if (found !== undefined) answers++;
          expect(found).toEqual(asked(state, shape));
        }
      }
    }),
    { numRuns: 300 },
  );
  expect(answers).toBeGreaterThan(1_000);
});
