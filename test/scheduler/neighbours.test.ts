import { beforeEach, expect, test } from "vitest";
import { type Namespace, namespaces } from "../../src/api/kinds/namespace.ts";
import { type Pod, type PodSpec, pods } from "../../src/api/kinds/pod.ts";
import { type ReplicaSet, replicaSets } from "../../src/api/kinds/replica-set.ts";
import { type Service, services } from "../../src/api/kinds/service.ts";
import type { OwnerReference } from "../../src/api/meta.ts";
import { modify } from "../../src/api/modify.ts";
import { SchedulerUnderTest } from "./scheduler-under-test.ts";

const ZONE = "topology.kubernetes.io/zone";
const HOST = "kubernetes.io/hostname";

let cluster: SchedulerUnderTest;

beforeEach(async () => {
  cluster = await SchedulerUnderTest.start();
  for (const name of ["a-1", "a-2", "b-1"]) {
    const labels = { [HOST]: name, [ZONE]: name.slice(0, 1) };
    await cluster.addNode(name, { cpu: "4", memory: "8Gi" }, { labels });
  }
});

const term = (app: string, topologyKey: string, rest: object = {}) => ({
  labelSelector: { matchLabels: { app } },
  topologyKey,
  ...rest,
});
const near = (...terms: ReturnType<typeof term>[]) => ({
  affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } },
});
const apart = (...terms: ReturnType<typeof term>[]) => ({
  affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } },
});
const spread = (app: string, topologyKey: string, rest: object = {}): Partial<PodSpec> => ({
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector: { matchLabels: { app } },
      ...rest,
    },
  ],
});

async function addPod(name: string, app: string, spec: Partial<PodSpec> = {}, namespace = "default") {
  await cluster.objects.create<Pod>(pods, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels: { app } },
    spec: { containers: [{ name: "main", image: "none" }], ...spec },
    status: { phase: "Pending" },
  });
  await cluster.settle();
}

const why = async (name: string) => (await cluster.messages(name)).at(-1)?.split(" preemption: ")[0];

test("a pod goes near those it wants to be with, and waits until one is there", async () => {
  await addPod("web", "web", near(term("db", ZONE)));
  expect(await why("web")).toBe("0/3 nodes are available: 3 node(s) didn't match pod affinity rules.");
  expect((await cluster.messages("web")).at(-1)).toContain("3 Preemption is not helpful for scheduling.");
  await addPod("db", "db", { nodeName: "b-1" });
  expect(await cluster.nodeOf("web")).toBe("b-1");
  expect(cluster.errors).toEqual([]);
});

test("the first pod of a group that wants to be together may go anywhere that has the label", async () => {
  await cluster.changeNode("a-1", (node) => ({ ...node, metadata: { ...node.metadata, labels: {} } }));
  await addPod("one", "web", near(term("web", ZONE)));
  await addPod("two", "web", near(term("web", HOST), term("web", ZONE)));
  expect(await cluster.places()).toEqual({ one: "a-2", two: "a-2" });
});

test("pods that keep apart take one place each; the next waits until one goes", async () => {
  for (const name of ["one", "two", "three"]) await addPod(name, "web", apart(term("web", ZONE)));
  expect(await cluster.places()).toEqual({ one: "a-1", two: "b-1", three: "-" });
  expect(await why("three")).toBe("0/3 nodes are available: 3 node(s) didn't match pod anti-affinity rules.");
  await cluster.remove("one");
  await cluster.settle();
  expect(await cluster.nodeOf("three")).toBe("a-1");
});

test("who does not want others near it keeps them away, too, and only those", async () => {
  await addPod("loner", "loner", apart(term("web", ZONE)));
  expect(await cluster.nodeOf("loner")).toBe("a-1");
  await addPod("taken", "none", { nodeName: "b-1" });
  await cluster.changeNode("b-1", (node) => ({ ...node, spec: { unschedulable: true } }));
  await addPod("web", "web");
  await addPod("other", "other");
  expect(await cluster.places()).toMatchObject({ web: "-", other: "a-1" });
  expect(await why("web")).toBe(
    "0/3 nodes are available: 1 node(s) were unschedulable, " +
      "2 node(s) didn't satisfy existing pods anti-affinity rules.",
  );
  await cluster.remove("loner");
  await cluster.settle();
  expect(await cluster.nodeOf("web")).toBe("a-1");
});

test("terms are about the pod's own namespace, those named, and those with the labels", async () => {
  const addNamespace = (name: string, team: string) =>
    cluster.objects.create<Namespace>(namespaces, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels: { team } },
      spec: {},
      status: {},
    });
  await addNamespace("blue", "blue");
  await addPod("db", "db", { nodeName: "a-2" }, "blue");
  await addPod("own", "x", near(term("db", HOST)));
  await addPod("named", "x", near(term("db", HOST, { namespaces: ["blue"] })));
  await addPod(
    "labelled",
    "x",
    near(term("db", HOST, { namespaceSelector: { matchLabels: { team: "blue" } } })),
  );
  await addPod("all", "x", near(term("db", HOST, { namespaceSelector: {} })));
  const places = await cluster.places();
  expect(places).toMatchObject({ own: "-", named: "a-2", labelled: "a-2", all: "a-2" });
});

test("keys narrow a term to pods that share, or do not share, the pod's own value", async () => {
  await addPod(
    "other",
    "other",
    apart({ ...term("x", HOST), labelSelector: {} as never, ...{ mismatchLabelKeys: ["app"] } }),
  );
  await addPod(
    "same",
    "other",
    apart({ ...term("x", HOST), labelSelector: {} as never, ...{ matchLabelKeys: ["app"] } }),
  );
  expect(await cluster.places()).toEqual({ other: "a-1", same: "a-2" });
});

test("pods are spread over places; one that would make the spread uneven waits", async () => {
  for (const name of ["one", "two", "three"]) await addPod(name, "web", spread("web", ZONE));
  expect(await cluster.places()).toEqual({ one: "a-1", two: "b-1", three: "a-1" });
  await cluster.changeNode("b-1", (node) => ({ ...node, spec: { unschedulable: true } }));
  await addPod("four", "web", spread("web", ZONE));
  expect(await why("four")).toBe(
    "0/3 nodes are available: 1 node(s) were unschedulable, " +
      "2 node(s) didn't match pod topology spread constraints.",
  );
  await cluster.remove("one");
  await cluster.settle();
  expect(await cluster.nodeOf("four")).toBe("a-1");
});

test("nodes without the label take none; too few places count as empty ones", async () => {
  await cluster.changeNode("b-1", (node) => ({ ...node, metadata: { ...node.metadata, labels: {} } }));
  for (const name of ["one", "two"]) await addPod(name, "web", spread("web", ZONE, { minDomains: 2 }));
  expect(await cluster.places()).toEqual({ one: "a-1", two: "-" });
  expect(await why("two")).toBe(
    "0/3 nodes are available: 1 node(s) didn't match pod topology spread constraints (missing required label), " +
      "2 node(s) didn't match pod topology spread constraints.",
  );
});

test("nodes that the pod cannot use do not count where the policy says so", async () => {
  await cluster.changeNode("b-1", (node) => ({
    ...node,
    spec: { taints: [{ key: "k", effect: "NoSchedule" }] },
  }));
  for (const name of ["one", "two"]) {
    await addPod(name, "web", spread("web", ZONE, { nodeTaintsPolicy: "Honor" }));
  }
  expect(await cluster.places()).toEqual({ one: "a-1", two: "a-1" });
  await addPod("three", "web", spread("web", ZONE));
  expect(await cluster.nodeOf("three")).toBeUndefined();
});

test("a pod that others must not be near is pushed out for one of more priority", async () => {
  await addPod("loner", "loner", { ...apart(term("web", ZONE)), priority: 1, nodeName: "a-1" });
  await cluster.changeNode("b-1", (node) => ({ ...node, spec: { unschedulable: true } }));
  await addPod("web", "web", { priority: 10 });
  expect((await cluster.pod("web")).status.nominatedNodeName).toBe("a-1");
  await cluster.remove("loner");
  await cluster.settle();
  expect(await cluster.nodeOf("web")).toBe("a-1");
});

test("kubernetes prefers nodes near wanted pods and far from crowded places", async () => {
  await cluster.setStrategy("kubernetes");
  await addPod("db", "db", { nodeName: "b-1" });
  const preferred = [{ weight: 100, podAffinityTerm: term("db", ZONE) }];
  await addPod("near", "x", {
    affinity: { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } },
  });
  await addPod("far", "x", {
    affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } },
  });
  const places = await cluster.places();
  expect(places.near).toBe("b-1");
  expect(places.far).not.toBe("b-1");
  for (const name of ["one", "two", "three"]) {
    await addPod(name, "web", spread("web", HOST, { whenUnsatisfiable: "ScheduleAnyway" }));
  }
  const { one, two, three } = await cluster.places();
  expect(new Set([one, two, three]).size).toBe(3);
});

test("labels that change set pods free", async () => {
  await addPod("one", "web", apart(term("web", ZONE)));
  await addPod("two", "web", { ...apart(term("web", ZONE)), nodeSelector: { [ZONE]: "a" } });
  expect(await cluster.nodeOf("two")).toBeUndefined();
  await modify(cluster.objects, pods, { namespace: "default", name: "one" }, (pod) => ({
    ...pod,
    metadata: { ...pod.metadata, labels: { app: "retired" } },
  }));
  await cluster.clock.advance(2_000);
  // What it wants of others stays: they must not be web.
  expect(await why("two")).toContain("2 node(s) didn't satisfy existing pods anti-affinity rules");
  await cluster.remove("one");
  await cluster.settle();
  expect(await cluster.nodeOf("two")).toBe("a-1");
});

test("kubernetes: pods behind a service and those of a ReplicaSet are spread unasked, all others are not", async () => {
  await cluster.setStrategy("kubernetes");
  // Whoever looks at room alone always goes there.
  const labels = { [HOST]: "big", [ZONE]: "c" };
  await cluster.addNode("big", { cpu: "400", memory: "800Gi" }, { labels });
  await cluster.objects.create<Service>(services, {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "default" },
    spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
    status: {},
  } as unknown as Service);
  const set = await cluster.objects.create<ReplicaSet>(replicaSets, {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name: "set", namespace: "default" },
    spec: {
      selector: { matchLabels: { app: "set" } },
      template: { metadata: { labels: { app: "set" } }, spec: { containers: [{ name: "c", image: "x" }] } },
    },
  } as unknown as ReplicaSet);
  await cluster.settle();
  const owner = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    name: "set",
    uid: set.metadata.uid,
    controller: true,
  };
  const placed = async (app: string, ownerReferences: readonly OwnerReference[] = []) => {
    for (let at = 0; at < 4; at++) {
      await cluster.objects.create<Pod>(pods, {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: `${app}-${at}`, namespace: "default", labels: { app }, ownerReferences },
        spec: { containers: [{ name: "main", image: "none" }] },
        status: { phase: "Pending" },
      });
      await cluster.settle();
    }
    const places = Object.entries(await cluster.places()).filter(([name]) => name.startsWith(app));
    return places.map(([, node]) => node).sort();
  };
  expect(await placed("web")).toEqual(["a-1", "a-2", "b-1", "big"]);
  expect(await placed("set", [owner])).toEqual(["a-1", "a-2", "b-1", "big"]);
  expect(await placed("other")).toEqual(["big", "big", "big", "big"]);
});
