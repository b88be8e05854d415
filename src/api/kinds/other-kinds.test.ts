import { describe, expect, it } from "vitest";
import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { type ClusterSettings, clusterSettings } from "./cluster-settings.ts";
import { type Event, events } from "./event.ts";
import { type Lease, leases } from "./lease.ts";
import { type Namespace, namespaces } from "./namespace.ts";
import { type Node, nodes } from "./node.ts";
import { nodeStatusText } from "./node-columns.ts";
import { type NodeFault, nodeFaults } from "./node-fault.ts";

const EFFECTS = 'supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"';
const NOW = Date.parse("2025-01-01T01:00:00Z");

function made<T extends KubeObject>(kind: Kind<T>, name: string, parts: object, metadata: object = {}): T {
  const sent = {
    metadata: { name, creationTimestamp: "2025-01-01T00:00:00Z", ...metadata },
    ...parts,
  } as unknown as T;
  const prepared = kind.prepareForCreate ? kind.prepareForCreate(sent, NOW) : sent;
  return kind.setDefaults ? kind.setDefaults(prepared) : prepared;
}
function faults<T extends KubeObject>(kind: Kind<T>, object: T, old?: T): string[] {
  return (kind.validate?.(object, old) ?? []).map(({ field, message }) => `${field}: ${message}`);
}
function row<T extends KubeObject>(kind: Kind<T>, object: T): unknown[] {
  return kind.columns.map((column) => column.cell(object, NOW));
}

describe("a node", () => {
  const node = (spec: object, status: object, metadata: object = {}): Node =>
    made(nodes, "n", { spec, status }, metadata);
  const ready = (status: string) => ({ conditions: [{ type: "Ready", status }] });

  it("keeps the status it came with and offers all it has", () => {
    expect(node({}, { capacity: { cpu: "4" } }).status).toEqual({
      capacity: { cpu: "4" },
      allocatable: { cpu: "4" },
    });
    expect(node({}, { capacity: { cpu: "4" }, allocatable: { cpu: "3" } }).status.allocatable).toEqual({
      cpu: "3",
    });
  });

  it.each([
    ["Ready", {}, ready("True")],
    ["NotReady", {}, ready("False")],
    ["NotReady", {}, ready("Unknown")],
    ["Unknown", {}, {}],
    ["Ready,SchedulingDisabled", { unschedulable: true }, ready("True")],
  ])("shows as %s", (text, spec, status) => {
    expect(nodeStatusText(node(spec, status))).toBe(text);
  });

  it("has the columns of the real server", () => {
    const labels = { "node-role.kubernetes.io/worker": "", "node-role.kubernetes.io/control-plane": "" };
    const shown = node(
      {},
      {
        ...ready("True"),
        nodeInfo: { kubeletVersion: "v1.33.0" },
        addresses: [{ type: "InternalIP", address: "10.0.0.1" }],
      },
      { labels },
    );
    expect(row(nodes, shown)).toEqual([
      "n",
      "Ready",
      "control-plane,worker",
      "60m",
      "v1.33.0",
      "10.0.0.1",
      "<none>",
      "<unknown>",
      "<unknown>",
      "<unknown>",
    ]);
    expect(row(nodes, node({}, {}))[2]).toBe("<none>");
  });

  it.each<[object, object, string]>([
    [
      { taints: [{ key: "a", effect: "Often" }] },
      {},
      `metadata.taints[0].effect: Unsupported value: "Often": ${EFFECTS}`,
    ],
    [{ taints: [{ key: "a" }] }, {}, "metadata.taints[0].effect: Required value"],
    [
      {},
      { capacity: { cpu: "-1" } },
      'status.capacity.cpu: Invalid value: "-1": must be greater than or equal to 0',
    ],
    [
      {},
      { capacity: { "nvidia.com/gpu": "0.5" } },
      'status.capacity.nvidia.com/gpu: Invalid value: "500m": must be an integer',
    ],
  ])("with spec %j and status %j is refused", (spec, status, fault) => {
    expect(faults(nodes, node(spec, status))).toContain(fault);
  });

  it("has every taint once, and keeps its provider's id", () => {
    const taint = { key: "a", value: "1", effect: "NoSchedule" };
    expect(faults(nodes, node({ taints: [taint, { ...taint, value: "2" }] }, {})).join()).toMatch(
      /taints must be unique/,
    );
    expect(faults(nodes, node({ taints: [taint, { ...taint, effect: "NoExecute" }] }, {}))).toEqual([]);
    const provided = node({ providerID: "a" }, {});
    expect(faults(nodes, node({ providerID: "b" }, {}), provided).join()).toMatch(
      /may not change providerID/,
    );
  });
});

describe("an event", () => {
  const event = (parts: object): Event =>
    made(
      events,
      "e",
      { involvedObject: { kind: "Pod", name: "web", namespace: "default" }, ...parts },
      { namespace: "default" },
    );

  it("has the columns of the real server", () => {
    const shown = event({
      type: "Warning",
      reason: "BackOff",
      message: "Back-off\n",
      source: { component: "kubelet", host: "node-1" },
      count: 3,
      firstTimestamp: "2025-01-01T00:00:00Z",
      lastTimestamp: "2025-01-01T00:59:00Z",
    });
    expect(row(events, shown)).toEqual([
      "60s",
      "Warning",
      "BackOff",
      "pod/web",
      "",
      "kubelet, node-1",
      "Back-off",
      "60m",
      3,
      "e",
    ]);
  });

  it("lives beside what it is about", () => {
    expect(faults(events, event({}))).toEqual([]);
    const elsewhere = event({ involvedObject: { kind: "Pod", name: "web", namespace: "other" } });
    expect(faults(events, elsewhere)).toEqual([
      'involvedObject.namespace: Invalid value: "other": does not match event.namespace',
    ]);
    expect(faults(events, event({ involvedObject: { kind: "Node", name: "n" } }))).toEqual([]);
  });

  it("is found by its source, whoever wrote it down", () => {
    const source = events.selectableFields.source;
    expect(source?.(event({ source: { component: "kubelet" } }))).toBe("kubelet");
    expect(source?.(event({ reportingComponent: "kubelet" }))).toBe("kubelet");
  });
});

describe("a namespace", () => {
  it("is active, labelled with its name and held until its content is gone", () => {
    const namespace: Namespace = made(namespaces, "team-a", {}, { labels: { a: "b" } });
    expect(namespace.metadata.labels).toEqual({ a: "b", "kubernetes.io/metadata.name": "team-a" });
    expect(namespace.spec.finalizers).toEqual(["kubernetes"]);
    expect(row(namespaces, namespace)).toEqual(["team-a", "Active", "60m"]);
  });

  it("is named by a DNS label", () => {
    expect(faults(namespaces, made(namespaces, "a.b", {})).join()).toMatch(/must not contain dots/);
  });
});

describe("a lease", () => {
  const lease = (spec: object): Lease => made(leases, "l", { spec });

  it("shows its holder", () => {
    expect(row(leases, lease({ holderIdentity: "node-1" }))).toEqual(["l", "node-1", "60m"]);
  });

  it.each([
    [{ leaseDurationSeconds: 0 }, "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0"],
    [
      { leaseTransitions: -1 },
      "spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0",
    ],
  ])("with %j is refused", (spec, fault) => {
    expect(faults(leases, lease(spec))).toEqual([fault]);
  });
});

describe("a node fault", () => {
  const fault = (spec: object): NodeFault => made(nodeFaults, "f", { spec, status: { injectedAt: "x" } });

  it("has acted on nothing when it is new", () => {
    expect(row(nodeFaults, fault({ nodeName: "n", fault: "node-crash" }))).toEqual([
      "f",
      "n",
      "node-crash",
      "<none>",
      "False",
      "60m",
    ]);
  });

  it("names a node and a fault, for ever", () => {
    expect(faults(nodeFaults, fault({}))).toEqual([
      "spec.nodeName: Required value",
      "spec.fault: Required value",
    ]);
    expect(faults(nodeFaults, fault({ nodeName: "N", fault: "b c" }))).toHaveLength(2);
    const old = fault({ nodeName: "n", fault: "node-crash" });
    expect(faults(nodeFaults, fault({ nodeName: "n", fault: "node-crash" }), old)).toEqual([]);
    expect(faults(nodeFaults, fault({ nodeName: "n", fault: "node-hang" }), old)).toEqual([
      'spec: Invalid value: {"nodeName":"n","fault":"node-hang"}: field is immutable',
    ]);
  });
});

describe("the cluster's settings", () => {
  const settings = (spec: object, name = "cluster"): ClusterSettings => made(clusterSettings, name, { spec });

  it("are complete, whatever is given", () => {
    expect(settings({ strategy: "spread" }).spec).toEqual({
      strategy: "spread",
      timingProfile: "fast",
      seed: "1",
    });
  });

  it.each<[object, string | RegExp]>([
    [
      { timingProfile: "slow" },
      'spec.timingProfile: Unsupported value: "slow": supported values: "fast", "classic", "kubernetes"',
    ],
    [{ timingProfile: "constructor" }, /Unsupported value: "constructor"/],
    [{ strategy: "Best Fit" }, /^spec\.strategy: Invalid value: "Best Fit": a lowercase RFC 1123 label/],
    [{ strategy: "" }, "spec.strategy: Required value"],
    [{ customStrategy: { name: "mine" } }, "spec.customStrategy.source: Required value"],
    [
      { customStrategy: { name: "mine", source: "x".repeat(300_000) } },
      /^spec\.customStrategy\.source: Too long/,
    ],
  ])("with %j are refused", (spec, fault) => {
    const [only, ...more] = faults(clusterSettings, settings(spec));
    expect(more).toEqual([]);
    expect(only).toMatch(fault);
  });

  it("are one object", () => {
    expect(faults(clusterSettings, settings({}, "other")).join()).toMatch(/supported values: "cluster"/);
  });
});
