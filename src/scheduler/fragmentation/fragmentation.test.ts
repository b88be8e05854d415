import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GPU_MILLI } from "../../api/gpu.ts";
import { ClusterState } from "../cache/cluster-state.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import { type Constraints, podShape } from "../cache/pod-shape.ts";
import { hasRoom } from "../filters/node-resources-fit.ts";
import { nodeSpec, placeablePod, tenant } from "../placement/testing.ts";
import { Fragmentation, type PodKind } from "./fragmentation.ts";
import { TypicalPods } from "./typical-pods.ts";

/**
 * Goal: the amount is the one of the paper. Method: its definition, written down plainly, on random nodes and pods.
 */
const V100: Constraints = { signature: "V100", nodeSelector: { model: "V100" }, tolerations: [] };

const milli = fc.constantFrom(0, 100, 300, 500, 700, 1_000, 2_000, 4_000);
const kind = fc.record({ cpu: fc.integer({ min: 0, max: 8 }), milli, isPicky: fc.boolean() });
const kinds = fc.array(kind, { minLength: 1, maxLength: 8 }).map((all) =>
  all.map(
    ({ cpu, milli, isPicky }): PodKind => ({
      shape: podShape({ cpu: cpu * 1_000, [GPU_MILLI]: milli }, isPicky ? V100 : undefined),
      share: 1 / all.length,
    }),
  ),
);
const tenants = fc.array(fc.record({ cpu: fc.integer({ min: 0, max: 3 }), milli }), { maxLength: 6 });

/** F of the paper: per kind all free GPUs where it does not fit, else those that are too small for it. */
function byDefinition(kinds: readonly PodKind[], node: NodeEntry): number {
  const left = node.gpus?.left ?? [];
  const free = left.reduce((sum, one) => sum + one, 0);
  let amount = 0;
  for (const { shape, share } of kinds) {
    const goesThere = shape.constraints.nodeSelector === undefined || node.labels.model === "V100";
    const tooSmall = left.filter((one) => one < (shape.gpu?.milli ?? 0)).reduce((sum, one) => sum + one, 0);
    const fits = shape.gpu !== undefined && goesThere && hasRoom(shape, node);
    amount += share * (fits ? tooSmall : free);
  }
  return amount;
}

function nodeWith(isV100: boolean, taken: readonly { cpu: number; milli: number }[]) {
  const state = new ClusterState();
  const labels = isV100 ? { model: "V100" } : {};
  const size = { cpu: 12_000, memory: 0, pods: 100, [GPU_MILLI]: 4_000 };
  const node = state.setNode(nodeSpec("node", size, { labels }));
  for (const [at, { cpu, milli }] of taken.entries()) {
    const shape = podShape({ cpu: cpu * 1_000, [GPU_MILLI]: milli });
    if (hasRoom(shape, node)) state.assume(tenant(`${at}`, shape), node);
  }
  return { state, node };
}

describe("fragmentation", () => {
  test("is what the paper says", () => {
    fc.assert(
      fc.property(kinds, fc.boolean(), tenants, (kinds, isV100, taken) => {
        const { node } = nodeWith(isV100, taken);
        expect(new Fragmentation(kinds).of(node)).toBeCloseTo(byDefinition(kinds, node), 6);
      }),
      { numRuns: 500 },
    );
  });

  test("grows by a pod as little as it can, on the device that it names", () => {
    fc.assert(
      fc.property(kinds, tenants, kind, (kinds, taken, { cpu, milli }) => {
        const { state, node } = nodeWith(true, taken);
        const fragmentation = new Fragmentation(kinds);
        const pod = placeablePod("pod", { cpu: cpu * 1_000, [GPU_MILLI]: milli });
        if (!hasRoom(pod.shape, node)) return;
        const { milli: growth, device } = fragmentation.growth(pod, node);
        const before = byDefinition(kinds, node);
        const choices =
          milli > 0 && milli < 1_000 ? [0, 1, 2, 3].map((one) => [one]) : [node.devicesFor(pod.shape)];
        const growths = choices.map((devices) => {
          if (milli > 0 && devices.some((one) => (node.gpus?.left[one] ?? 0) < Math.min(milli, 1_000)))
            return undefined;
          state.assume(tenant("pod", pod.shape, { devices }), node);
          const after = byDefinition(kinds, node);
          state.forget("pod");
          return after - before;
        });
        const possible = growths.filter((one) => one !== undefined);
        expect(growth).toBeCloseTo(Math.min(...possible), 6);
        if (device >= 0) expect(growths[device]).toBeCloseTo(growth, 6);
      }),
      { numRuns: 500 },
    );
  });

  test("is worked out anew when the node has changed", () => {
    const { state, node } = nodeWith(true, []);
    const fragmentation = new Fragmentation([
      { shape: podShape({ cpu: 1_000, [GPU_MILLI]: 600 }), share: 1 },
    ]);
    const pod = placeablePod("pod", { cpu: 0, [GPU_MILLI]: 500 });
    expect(fragmentation.growth(pod, node)).toEqual({ milli: 500, device: 0 });
    state.assume(tenant("a", podShape({ cpu: 0, [GPU_MILLI]: 500 }), { devices: [2] }), node);
    expect(fragmentation.growth(pod, node)).toEqual({ milli: -500, device: 2 });
  });
});

describe("typical pods", () => {
  test("are the commonest kinds that make up 95 % of all", () => {
    const common = podShape({ cpu: 1_000, [GPU_MILLI]: 1_000 });
    const rare = podShape({ cpu: 1_000, [GPU_MILLI]: 100 });
    let shapes = [...new Array(19).fill(common), rare];
    const typical = new TypicalPods(
      () => shapes,
      () => shapes.length,
    );
    const { node } = nodeWith(false, [{ cpu: 0, milli: 700 }]);
    // Whoever wants a whole device has no use for the 300 that are left of one.
    expect(typical.fragmentation(0).of(node)).toBe(300);
    expect(typical.fragmentation(1)).toBe(typical.fragmentation(2));
    shapes = [...shapes, ...new Array(20).fill(rare)];
    expect(typical.fragmentation(3).of(node)).toBeCloseTo(300 * (19 / 40), 6);
  });
});
