import { describe, expect, it } from "vitest";
import type { Kind } from "../kind.ts";
import { type ClusterSettings, clusterSettings } from "../kinds/cluster-settings.ts";
import { type Event, events } from "../kinds/event.ts";
import { type Node, nodes } from "../kinds/node.ts";
import { type Pod, type PodSpec, pods } from "../kinds/pod.ts";
import { systemPriorityClasses } from "../kinds/priority-class.ts";
import type { AdmissionContext, Lookup } from "./admission.ts";
import { ADMISSIONS, admit } from "./registry.ts";

const settings = (timingProfile: string): ClusterSettings => ({
  apiVersion: "kubesim.dev/v1alpha1",
  kind: clusterSettings.kind,
  metadata: { name: "cluster", uid: "u", resourceVersion: "1", creationTimestamp: "" },
  spec: { strategy: "first-fit", timingProfile, seed: "1" },
});
/** A cluster with nothing in it but the priority classes that every cluster has. */
const EMPTY: Lookup = {
  get: (kind, { name }) =>
    systemPriorityClasses().find((one) => kind.kind === one.kind && one.metadata.name === name) as never,
  list: () => [],
  count: () => 0,
};
const context = (timingProfile: string): AdmissionContext => ({
  kind: pods as unknown as Kind,
  settings: settings(timingProfile),
  lookup: EMPTY,
  hasTokens: false,
  now: 0,
});
const pod = (spec: Partial<PodSpec>): Pod =>
  ({
    metadata: { name: "p" },
    spec: { containers: [], ...spec },
    status: { phase: "Pending" },
  }) as unknown as Pod;
const admitted = (spec: Partial<PodSpec>, profile = "fast"): PodSpec =>
  admit(pods, pod(spec), context(profile)).spec;
const lost = (seconds: number) => [
  {
    key: "node.kubernetes.io/not-ready",
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds: seconds,
  },
  {
    key: "node.kubernetes.io/unreachable",
    operator: "Exists",
    effect: "NoExecute",
    tolerationSeconds: seconds,
  },
];

describe("DefaultTolerationSeconds", () => {
  it.each([
    ["fast", 0],
    ["classic", 0],
    ["kubernetes", 300],
  ])("gives the seconds of the profile %s", (profile, seconds) => {
    expect(admitted({}, profile).tolerations).toEqual(lost(seconds));
  });

  it("adds only what the pod says nothing about", () => {
    const own = {
      key: "node.kubernetes.io/not-ready",
      operator: "Exists",
      effect: "NoExecute",
      tolerationSeconds: 9,
    } as const;
    expect(admitted({ tolerations: [own] }).tolerations).toEqual([own, lost(0)[1]]);
    const other = { key: "a", operator: "Exists" } as const;
    expect(admitted({ tolerations: [other] }).tolerations).toEqual([other, ...lost(0)]);
    const noSchedule = {
      key: "node.kubernetes.io/not-ready",
      operator: "Exists",
      effect: "NoSchedule",
    } as const;
    expect(admitted({ tolerations: [noSchedule] }).tolerations).toHaveLength(3);
  });

  it("leaves a pod that tolerates everything alone", () => {
    const all = [{ operator: "Exists" }] as const;
    expect(admitted({ tolerations: all }).tolerations).toBe(all);
  });

  it("shares what it adds, and nobody can change it", () => {
    expect(admitted({}).tolerations).toBe(admitted({}).tolerations);
    expect(Object.isFrozen(admitted({}).tolerations?.[0])).toBe(true);
  });
});

describe("Priority", () => {
  it("is 0 unless the pod or its class says otherwise", () => {
    expect(admitted({})).toMatchObject({ priority: 0, preemptionPolicy: "PreemptLowerPriority" });
    expect(admitted({ priority: 10, preemptionPolicy: "Never" })).toMatchObject({
      priority: 10,
      preemptionPolicy: "Never",
    });
    expect(admitted({ priorityClassName: "system-node-critical" }).priority).toBe(2_000_001_000);
    expect(admitted({ priorityClassName: "system-cluster-critical" }).priority).toBe(2_000_000_000);
  });

  it("refuses a class that there is not, and a number that is not the class's", () => {
    expect(() => admitted({ priorityClassName: "gold" })).toThrow(
      expect.objectContaining({
        reason: "Forbidden",
        message: 'pods "p" is forbidden: no PriorityClass with name gold was found',
      }),
    );
    expect(() => admitted({ priorityClassName: "system-node-critical", priority: 1 })).toThrow(
      /must not be provided/,
    );
    expect(() => admitted({ priorityClassName: "constructor" })).toThrow(/no PriorityClass/);
  });
});

describe("TaintNodesByCondition", () => {
  const node = (spec: object, conditions: object[] = []): Node =>
    ({ metadata: { name: "n" }, spec, status: { conditions } }) as unknown as Node;
  const taintsOf = (given: Node) => admit(nodes, given, context("fast")).spec.taints;
  const notReady = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" };
  const own = { key: "gpu", effect: "NoSchedule" };

  it("keeps pods off a node until it says that it is ready", () => {
    expect(taintsOf(node({}))).toEqual([notReady]);
    expect(taintsOf(node({ taints: [own] }))).toEqual([own, notReady]);
    expect(taintsOf(node({ taints: [notReady] }))).toEqual([notReady]);
    expect(taintsOf(node({ taints: [own] }, [{ type: "Ready", status: "True" }]))).toEqual([own]);
  });
});

describe("admission", () => {
  it("leaves other kinds alone", () => {
    const event = { metadata: { name: "e" }, involvedObject: {} } as unknown as Event;
    expect(admit(events, event, context("fast"))).toBe(event);
  });

  it("changes nothing the second time", () => {
    const once = admit(pods, pod({}), context("fast"));
    expect(admit(pods, once, context("fast"))).toBe(once);
  });

  it("names every plugin once", () => {
    expect(new Set(ADMISSIONS.map(({ name }) => name)).size).toBe(ADMISSIONS.length);
  });
});
