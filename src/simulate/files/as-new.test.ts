import { expect, it } from "vitest";
import { nodeAsNew, objectsAsNew } from "./as-new.ts";
import { checkedDraft } from "./checked-draft.ts";
import { readManifests } from "./manifests.ts";

const META = "uid: u, resourceVersion: '7', creationTimestamp: '2025-01-01T00:00:00Z', namespace: shop";

const owner = (kind: string, name: string) =>
  `{ apiVersion: v1, kind: ${kind}, name: ${name}, uid: o, controller: true }`;

const DUMP = `
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Pod
  metadata: { name: web-1, ${META}, ownerReferences: [${owner("ReplicaSet", "web")}] }
  spec:
    nodeName: node-3
    serviceAccountName: web
    schedulerName: other
    containers:
    - { name: main, image: web, volumeMounts: [{ name: kube-api-access-1, mountPath: /t }, { name: d, mountPath: /d }] }
    volumes:
    - { name: kube-api-access-1, projected: { sources: [] } }
    - { name: d, persistentVolumeClaim: { claimName: lost } }
  status: { phase: Running, podIP: 10.0.0.1 }
- apiVersion: v1
  kind: Pod
  metadata: { name: done, ${META} }
  spec: { containers: [{ name: main, image: web }] }
  status: { phase: Succeeded }
- apiVersion: v1
  kind: Pod
  metadata: { name: api, ${META}, ownerReferences: [${owner("Node", "node-1")}] }
  spec: { nodeName: node-1, containers: [{ name: main, image: api }] }
- apiVersion: v1
  kind: Service
  metadata: { name: kubernetes, ${META} }
  spec: { clusterIP: 10.96.0.1, ports: [{ port: 443 }] }
`;

interface Body {
  readonly kind: string;
  readonly metadata: object;
  readonly spec: Readonly<Record<string, unknown>>;
}

function read(text: string) {
  const { objects, notes } = objectsAsNew(readManifests("dump.yaml", text, "default"));
  return { drafts: objects.map((object) => checkedDraft(object).draft as unknown as Body), notes };
}

it("makes pods of a cluster fit to be placed anew, without what only that cluster has", () => {
  const { drafts, notes } = read(DUMP);
  expect(drafts.map(({ metadata }) => metadata)).toEqual([
    { name: "web-1", namespace: "shop" },
    { name: "api", namespace: "shop" },
  ]);
  const [web, api] = drafts as [Body, Body];
  expect(web.spec).toEqual({
    containers: [{ name: "main", image: "web", volumeMounts: [{ name: "d", mountPath: "/d" }] }],
    volumes: [{ name: "d", emptyDir: {} }],
  });
  expect(web).not.toHaveProperty("status");
  expect(api.spec.nodeName).toBe("node-1");
  expect(notes).toEqual([
    "2 pods of a cluster, to be placed anew",
    "1 pod with claims that are not in the file, and empty volumes instead",
    "1 object left out: finished",
  ]);
});

it("leaves pods to the controllers that are in the file, too", () => {
  const job = `
apiVersion: batch/v1
kind: Job
metadata: { name: one, ${META}, generation: 1 }
spec:
  selector: { matchLabels: { batch.kubernetes.io/controller-uid: u } }
  template:
    metadata: { labels: { batch.kubernetes.io/controller-uid: u } }
    spec: { restartPolicy: Never, containers: [{ name: main, image: web }] }
status: { active: 1 }
---
apiVersion: v1
kind: Pod
metadata: { name: one-x, ${META}, ownerReferences: [${owner("Job", "one")}] }
spec: { nodeName: node-1, containers: [{ name: main, image: web }] }
`;
  const { drafts, notes } = read(job);
  expect(drafts.map(({ kind }) => kind)).toEqual(["Job"]);
  expect(drafts[0]?.spec).not.toHaveProperty("selector");
  expect(notes).toEqual(["1 object left out, to be made by controllers that are in the file"]);
});

it("leaves what somebody wrote by hand as it is", () => {
  const pod =
    "{ apiVersion: v1, kind: Pod, metadata: { name: a }, spec: { nodeName: n, containers: [{ name: m, image: i }] } }";
  const loaded = readManifests("mine.yaml", pod, "default");
  expect(objectsAsNew(loaded)).toEqual({ objects: loaded, notes: [] });
});

it("keeps of a node what it has and what people have put on it", () => {
  const taints = [
    { key: "node.kubernetes.io/unreachable", effect: "NoExecute" },
    { key: "dedicated", value: "a", effect: "NoSchedule" },
  ];
  const capacity = { cpu: "4" };
  const node = {
    metadata: { name: "n", labels: { zone: "a" }, uid: "u" },
    spec: { providerID: "x", taints },
    status: { capacity, conditions: [] },
  };
  expect(nodeAsNew(node as never)).toEqual({
    ...{ apiVersion: "v1", kind: "Node", metadata: { name: "n", labels: { zone: "a" } } },
    ...{ spec: { taints: taints.slice(1) }, status: { capacity } },
  });
});
