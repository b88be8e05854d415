import { describe, expect, test } from "vitest";
import type { NodeTaint } from "../../api/kinds/node.ts";
import type { NodeSelectorTerm, Toleration } from "../../api/kinds/pod.ts";
import { NodeEntry, type NodeSpec } from "../cache/node-entry.ts";
import { type Constraints, podShape } from "../cache/pod-shape.ts";
import { nodeSpec } from "../placement/testing.ts";
import { namedNodes } from "./node-selector.ts";
import { refusal } from "./registry.ts";

const ROOMY = { cpu: 4_000, memory: 8_000, pods: 10, "nvidia.com/gpu": 1 };

function refusalOn(
  node: Partial<NodeSpec>,
  constraints: Partial<Constraints> = {},
  requests: Record<string, number> = { cpu: 1_000 },
) {
  const entry = new NodeEntry("node");
  entry.describe(nodeSpec("node", ROOMY, node));
  const shape = podShape(requests, { signature: "test", tolerations: [], ...constraints });
  return refusal(shape, entry);
}

const unresolvable = (reason: string) => ({ reasons: [reason], unresolvable: true });

test("a plain pod passes on a plain node", () => {
  expect(refusalOn({})).toBeUndefined();
});

describe("NodeUnschedulable", () => {
  test("a cordoned node refuses", () => {
    expect(refusalOn({ unschedulable: true })).toEqual(unresolvable("node(s) were unschedulable"));
  });

  test("but not those that tolerate a cordon", () => {
    const tolerations: Toleration[] = [{ key: "node.kubernetes.io/unschedulable", operator: "Exists" }];
    expect(refusalOn({ unschedulable: true }, { tolerations })).toBeUndefined();
  });
});

describe("NodeName", () => {
  test("another node than the one named refuses", () => {
    expect(refusalOn({}, { nodeName: "other" })).toEqual(
      unresolvable("node(s) didn't match the requested node name"),
    );
    expect(refusalOn({}, { nodeName: "node" })).toBeUndefined();
  });
});

describe("TaintToleration", () => {
  const gpu: NodeTaint = { key: "gpu", value: "yes", effect: "NoSchedule" };

  test("the first untolerated taint is named", () => {
    const other: NodeTaint = { key: "other", effect: "NoExecute" };
    expect(refusalOn({ taints: [gpu, other] })).toEqual(
      unresolvable("node(s) had untolerated taint {gpu: yes}"),
    );
    const tolerations: Toleration[] = [{ key: "gpu", operator: "Exists" }];
    expect(refusalOn({ taints: [gpu, other] }, { tolerations })).toEqual(
      unresolvable("node(s) had untolerated taint {other: }"),
    );
  });

  test("PreferNoSchedule keeps nobody away", () => {
    expect(refusalOn({ taints: [{ ...gpu, effect: "PreferNoSchedule" }] })).toBeUndefined();
  });

  test.each<[string, Toleration, boolean]>([
    ["everything", { operator: "Exists" }, true],
    ["the key", { key: "gpu", operator: "Exists" }, true],
    ["key and value", { key: "gpu", operator: "Equal", value: "yes" }, true],
    ["key and value without operator", { key: "gpu", value: "yes" }, true],
    ["another value", { key: "gpu", value: "no" }, false],
    ["another key", { key: "tpu", operator: "Exists" }, false],
    ["this effect", { key: "gpu", operator: "Exists", effect: "NoSchedule" }, true],
    ["another effect", { key: "gpu", operator: "Exists", effect: "NoExecute" }, false],
  ])("a toleration of %s", (_of, toleration, passes) => {
    expect(refusalOn({ taints: [gpu] }, { tolerations: [toleration] }) === undefined).toBe(passes);
  });
});

describe("NodeAffinity", () => {
  const REFUSED = unresolvable("node(s) didn't match Pod's node affinity/selector");
  const labels = { zone: "a", cores: "8", odd: "x8" };

  test("every label of the selector must be there", () => {
    expect(refusalOn({ labels }, { nodeSelector: { zone: "a", cores: "8" } })).toBeUndefined();
    expect(refusalOn({ labels }, { nodeSelector: { zone: "a", cores: "9" } })).toEqual(REFUSED);
    expect(refusalOn({ labels }, { nodeSelector: { constructor: "x" } })).toEqual(REFUSED);
  });

  test.each<[NodeSelectorTerm, boolean]>([
    [{ matchExpressions: [{ key: "zone", operator: "In", values: ["a", "b"] }] }, true],
    [{ matchExpressions: [{ key: "zone", operator: "In", values: ["b"] }] }, false],
    [{ matchExpressions: [{ key: "zone", operator: "NotIn", values: ["b"] }] }, true],
    [{ matchExpressions: [{ key: "none", operator: "NotIn", values: ["b"] }] }, true],
    [{ matchExpressions: [{ key: "zone", operator: "NotIn", values: ["a"] }] }, false],
    [{ matchExpressions: [{ key: "zone", operator: "Exists" }] }, true],
    [{ matchExpressions: [{ key: "none", operator: "Exists" }] }, false],
    [{ matchExpressions: [{ key: "none", operator: "DoesNotExist" }] }, true],
    [{ matchExpressions: [{ key: "zone", operator: "DoesNotExist" }] }, false],
    [{ matchExpressions: [{ key: "cores", operator: "Gt", values: ["7"] }] }, true],
    [{ matchExpressions: [{ key: "cores", operator: "Gt", values: ["8"] }] }, false],
    [{ matchExpressions: [{ key: "cores", operator: "Lt", values: ["10"] }] }, true],
    [{ matchExpressions: [{ key: "cores", operator: "Lt", values: ["8"] }] }, false],
    [{ matchExpressions: [{ key: "odd", operator: "Gt", values: ["1"] }] }, false],
    [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["node"] }] }, true],
    [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["other"] }] }, false],
    [{ matchFields: [{ key: "metadata.name", operator: "NotIn", values: ["node"] }] }, false],
    [
      {
        matchExpressions: [
          { key: "zone", operator: "Exists" },
          { key: "none", operator: "Exists" },
        ],
      },
      false,
    ],
    [{}, false],
  ])("term %j: %s", (term, passes) => {
    expect(refusalOn({ labels }, { nodeTerms: [term] })).toEqual(passes ? undefined : REFUSED);
  });

  test("one matching term is enough", () => {
    const exists = (key: string) => ({ matchExpressions: [{ key, operator: "Exists" as const }] });
    expect(refusalOn({ labels }, { nodeTerms: [exists("none"), exists("zone")] })).toBeUndefined();
  });
});

test("terms that all name nodes rule the others out before any other reason", () => {
  const pinned = (...values: string[]): NodeSelectorTerm => ({
    matchFields: [{ key: "metadata.name", operator: "In", values }],
  });
  expect(namedNodes([pinned("a", "b"), pinned("c")])).toEqual(new Set(["a", "b", "c"]));
  expect(
    namedNodes([pinned("a"), { matchExpressions: [{ key: "zone", operator: "Exists" }] }]),
  ).toBeUndefined();
  const both = { matchFields: [...(pinned("a", "b").matchFields ?? []), ...(pinned("b").matchFields ?? [])] };
  expect(namedNodes([both])).toEqual(new Set(["b"]));
  expect(refusalOn({ unschedulable: true }, { pinnedTo: new Set(["other"]) })).toEqual(
    unresolvable("node(s) didn't satisfy plugin(s) [NodeAffinity]"),
  );
});

describe("NodeResourcesFit", () => {
  test("says every resource that is short", () => {
    const requests = { cpu: 4_001, memory: 1, "nvidia.com/gpu": 2, "ephemeral-storage": 5 };
    expect(refusalOn({}, {}, requests)?.reasons).toEqual([
      "Insufficient cpu",
      "Insufficient ephemeral-storage",
      "Insufficient nvidia.com/gpu",
    ]);
  });

  test("exactly what there is fits", () => {
    expect(refusalOn({}, {}, { cpu: 4_000, memory: 8_000, "nvidia.com/gpu": 1 })).toBeUndefined();
  });

  test("more than an empty node has is beyond help, less is not", () => {
    const entry = new NodeEntry("node");
    entry.describe(nodeSpec("node", ROOMY));
    entry.requested.cpu = 3_000;
    const refused = (cpu: number) => refusal(podShape({ cpu }), entry);
    expect(refused(2_000)).toEqual({ reasons: ["Insufficient cpu"], unresolvable: false });
    expect(refused(5_000)).toEqual({ reasons: ["Insufficient cpu"], unresolvable: true });
  });

  test("a full node has too many pods, whatever they ask for", () => {
    const entry = new NodeEntry("node");
    entry.describe(nodeSpec("node", ROOMY));
    entry.podCount = 10;
    expect(refusal(podShape({}), entry)).toEqual({ reasons: ["Too many pods"], unresolvable: false });
    expect(refusal(podShape({ cpu: 5_000 }), entry)?.reasons).toEqual(["Too many pods", "Insufficient cpu"]);
  });

  test("a resource that is not asked for is not looked at, even when more is bound than there is", () => {
    const entry = new NodeEntry("node");
    entry.describe(nodeSpec("node", ROOMY));
    entry.requested.cpu = 9_000;
    expect(refusal(podShape({ memory: 1 }), entry)).toBeUndefined();
    expect(refusal(podShape({ cpu: 1 }), entry)?.reasons).toEqual(["Insufficient cpu"]);
  });
});

test("filters are asked in the real scheduler's order: the first that refuses is reported", () => {
  const taints: NodeTaint[] = [{ key: "k", effect: "NoSchedule" }];
  const everything = { nodeName: "other", nodeSelector: { no: "such" } };
  const huge = { cpu: 9_000 };
  expect(refusalOn({ unschedulable: true, taints }, everything, huge)?.reasons).toEqual([
    "node(s) were unschedulable",
  ]);
  expect(refusalOn({ taints }, everything, huge)?.reasons).toEqual([
    "node(s) didn't match the requested node name",
  ]);
  expect(refusalOn({ taints }, { nodeSelector: { no: "such" } }, huge)?.reasons).toEqual([
    "node(s) had untolerated taint {k: }",
  ]);
  expect(refusalOn({}, { nodeSelector: { no: "such" } }, huge)?.reasons).toEqual([
    "node(s) didn't match Pod's node affinity/selector",
  ]);
});
