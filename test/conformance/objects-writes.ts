import { expect, it } from "vitest";
import { type ClusterSettings, clusterSettings } from "../../src/api/kinds/cluster-settings.ts";
import { type Namespace, namespaces } from "../../src/api/kinds/namespace.ts";
import { type Node, nodes } from "../../src/api/kinds/node.ts";
import { type Pod, pods } from "../../src/api/kinds/pod.ts";
import type { Objects } from "../../src/api/objects.ts";
import { createPod, failure, podDraft, podKey, refusal } from "./objects-under-test.ts";

/** Creating and replacing. */
export function describeWrites(current: () => Objects): void {
  describeCreation(current);
  describeRefusedCreation(current);
  describeReplacement(current);
  describeUpdates(current);
}

function describeCreation(current: () => Objects): void {
  it("sets what the server sets on a new object, and the defaults of its kind", async () => {
    const pod = await createPod(current(), "a", { labels: { app: "x" } });
    expect(pod.metadata).toMatchObject({
      name: "a",
      namespace: "default",
      generation: 1,
      labels: { app: "x" },
    });
    expect(pod.metadata.uid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(pod.metadata.resourceVersion).toMatch(/^[1-9]\d*$/);
    expect(pod.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(pod.spec.restartPolicy).toBe("Always");
    expect(pod.status.phase).toBe("Pending");
    expect(await current().get(pods, podKey("a"))).toEqual(pod);
  });

  it("makes names from generateName that do not collide", async () => {
    const names = new Set<string>();
    for (let index = 0; index < 20; index++) {
      const draft = { ...podDraft(""), metadata: { generateName: "web-", namespace: "default" } };
      const pod = await current().create<Pod>(pods, draft);
      expect(pod.metadata.name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
      names.add(pod.metadata.name);
    }
    expect(names.size).toBe(20);
  });

  it("gives uids that sort by creation", async () => {
    const uids: string[] = [];
    for (const name of ["c", "a", "b"]) uids.push((await createPod(current(), name)).metadata.uid);
    expect(uids.toSorted()).toEqual(uids);
  });

  it("ignores what only the server may set", async () => {
    const given = { uid: "mine", creationTimestamp: "1999-01-01T00:00:00Z", generation: 9 };
    const deleted = { deletionTimestamp: "1999-01-01T00:00:00Z", deletionGracePeriodSeconds: 5 };
    const pod = await createPod(current(), "a", { ...given, ...deleted });
    expect(pod.metadata.uid).not.toBe("mine");
    expect(pod.metadata.generation).toBe(1);
    expect(pod.metadata.creationTimestamp).not.toContain("1999");
    expect(pod.metadata.deletionTimestamp).toBeUndefined();
  });

  it("checks a dry run like a real one and stores nothing", async () => {
    const pod = await current().create<Pod>(pods, podDraft("a"), { dryRun: true });
    expect(pod.spec.restartPolicy).toBe("Always");
    expect(await refusal(current().get(pods, podKey("a")))).toEqual(["NotFound", 'pods "a" not found']);
    await createPod(current(), "a");
    const again = current().create<Pod>(pods, podDraft("a"), { dryRun: true });
    expect((await failure(again)).reason).toBe("AlreadyExists");
  });
}

function describeRefusedCreation(current: () => Objects): void {
  it("refuses a name that is taken", async () => {
    await createPod(current(), "a");
    expect(await refusal(createPod(current(), "a"))).toEqual(["AlreadyExists", 'pods "a" already exists']);
  });

  it("refuses names that are no names, and objects without one", async () => {
    for (const name of ["A", "a_b", "-a", "a/b", "../b", "é", "a".repeat(254), "a b"]) {
      const error = await failure(createPod(current(), name));
      expect(error.reason, name).toBe("Invalid");
      expect(error.details?.causes?.[0]?.field).toBe("metadata.name");
    }
    expect((await failure(createPod(current(), ""))).reason).toBe("Invalid");
  });

  it("refuses an object in a namespace that is not there", async () => {
    const lost = createPod(current(), "a", { namespace: "nowhere" });
    expect(await refusal(lost)).toEqual(["NotFound", 'namespaces "nowhere" not found']);
  });

  it("refuses an object of the wrong shape", async () => {
    const draft = { ...podDraft("a"), spec: { containers: "none" } } as unknown as Pod;
    expect((await failure(current().create<Pod>(pods, draft))).reason).toBe("BadRequest");
    const empty = { ...podDraft("a"), spec: { containers: [] } };
    const error = await failure(current().create<Pod>(pods, empty));
    expect(error.message).toBe('Pod "a" is invalid: spec.containers: Required value');
    expect(error.details).toMatchObject({
      name: "a",
      kind: "Pod",
      causes: [{ reason: "FieldValueRequired", field: "spec.containers" }],
    });
  });

  it("drops unknown fields, warns of them, or refuses them, as the caller asks", async () => {
    const draft = (name: string) => {
      const { spec, ...rest } = podDraft(name);
      return { ...rest, spec: { ...spec, imagee: "x" } } as unknown as Pod;
    };
    expect(await current().create<Pod>(pods, draft("a"))).not.toHaveProperty("spec.imagee");
    const warnings: string[] = [];
    const onWarning = (text: string) => warnings.push(text);
    await current().create<Pod>(pods, draft("b"), { fieldValidation: "Warn", onWarning });
    expect(warnings).toEqual(['unknown field "spec.imagee"']);
    const strict = current().create<Pod>(pods, draft("c"), { fieldValidation: "Strict" });
    const message =
      'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.imagee"';
    expect(await refusal(strict)).toEqual(["BadRequest", message]);
  });
}

function describeReplacement(current: () => Objects): void {
  it("puts a new object in the place of an old one, with another uid", async () => {
    const old = await createPod(current(), "a", { finalizers: ["example.com/hold"] });
    const fresh = await current().create<Pod>(pods, podDraft("a"), { replaces: old.metadata.uid });
    expect(fresh.metadata.uid).not.toBe(old.metadata.uid);
    expect((await current().get(pods, podKey("a"))).metadata.uid).toBe(fresh.metadata.uid);
  });

  it("refuses to replace an object of another uid, or none", async () => {
    const old = await createPod(current(), "a");
    const wrong = current().create<Pod>(pods, podDraft("a"), { replaces: "other" });
    expect((await failure(wrong)).reason).toBe("Conflict");
    const none = current().create<Pod>(pods, podDraft("b"), { replaces: old.metadata.uid });
    expect((await failure(none)).reason).toBe("Conflict");
    expect((await current().get(pods, podKey("a"))).metadata.uid).toBe(old.metadata.uid);
  });
}

function describeUpdates(current: () => Objects): void {
  it("raises the version with every change and the generation with changes of spec alone", async () => {
    const node = await createNode(current(), "n");
    const labelled = await current().update<Node>(nodes, {
      ...node,
      metadata: { ...node.metadata, labels: { zone: "a" } },
    });
    expect(version(labelled)).toBeGreaterThan(version(node));
    expect(labelled.metadata.generation).toBe(1);
    const cordoned = await current().update<Node>(nodes, { ...labelled, spec: { unschedulable: true } });
    expect(cordoned.metadata).toMatchObject({ generation: 2, labels: { zone: "a" } });
  });

  it("does not raise the version when nothing changes", async () => {
    const pod = await createPod(current(), "a", { labels: { app: "x" } });
    const same = await current().update<Pod>(pods, JSON.parse(JSON.stringify(pod)) as Pod);
    expect(same).toEqual(pod);
    const status = await current().update<Pod>(
      pods,
      { ...pod, status: { ...pod.status } },
      { subresource: "status" },
    );
    expect(status).toEqual(pod);
  });

  it("keeps status in a plain update; a status update takes labels along, and nothing of the spec", async () => {
    const pod = await createPod(current(), "a");
    const changed: Pod = {
      ...pod,
      metadata: { ...pod.metadata, labels: { app: "y" } },
      status: { phase: "Running" },
    };
    const plain = await current().update<Pod>(pods, changed);
    expect([plain.metadata.labels, plain.status.phase]).toEqual([{ app: "y" }, "Pending"]);
    const relabelled = { ...plain.metadata, labels: { app: "z" } };
    const status = await current().update<Pod>(
      pods,
      {
        ...plain,
        metadata: relabelled,
        spec: { ...plain.spec, activeDeadlineSeconds: 5 },
        status: { phase: "Running" },
      },
      { subresource: "status" },
    );
    expect([status.metadata.labels, status.status.phase]).toEqual([{ app: "z" }, "Running"]);
    expect(status.spec).toEqual(plain.spec);
    expect(status.metadata.generation).toBe(pod.metadata.generation);
  });

  it.each([
    ["capacity", { cpu: "-4" }, "status.capacity.cpu: Invalid value"],
    ["capacity", { memory: "1e400x" }, "quantities must match the regular expression"],
    ["allocatable", { "nvidia.com/gpu": "0.5" }, "status.allocatable.nvidia.com/gpu: Invalid value"],
  ])("refuses a status write that gives a node %s of %j", async (field, amounts, message) => {
    const capacity = { cpu: "4", memory: "8Gi" };
    const draft = { apiVersion: "v1", kind: "Node", metadata: { name: "n" }, spec: {}, status: { capacity } };
    const node = await current().create<Node>(nodes, draft);
    const status = { subresource: "status" } as const;
    for (const type of ["merge", "strategic"] as const) {
      const patch = { status: { [field]: amounts } };
      const patching = current().patch(nodes, { name: "n" }, { type, patch }, status);
      expect(await refusal(patching)).toEqual(["Invalid", expect.stringContaining(message)]);
    }
    const replaced = { ...node, status: { ...node.status, [field]: amounts } } as Node;
    expect((await failure(current().update(nodes, replaced, status))).message).toContain(message);
    expect(await current().get(nodes, { name: "n" })).toEqual(node);
    const ready = { type: "Ready", status: "True" } as const;
    const fine: Node = { ...node, status: { capacity: { ...capacity, cpu: "6" }, conditions: [ready] } };
    expect((await current().update<Node>(nodes, fine, status)).status.capacity?.cpu).toBe("6");
  });

  it("refuses a stale version and another uid; takes an update without a version as the newest", async () => {
    const pod = await createPod(current(), "a");
    await current().update<Pod>(pods, { ...pod, metadata: { ...pod.metadata, labels: { a: "1" } } });
    const stale = current().update<Pod>(pods, { ...pod, metadata: { ...pod.metadata, labels: { a: "2" } } });
    const message =
      'Operation cannot be fulfilled on pods "a": the object has been modified; please apply your changes to the ' +
      "latest version and try again";
    expect(await refusal(stale)).toEqual(["Conflict", message]);
    const other = { ...pod, metadata: { ...pod.metadata, resourceVersion: "", uid: "other" } };
    expect((await failure(current().update<Pod>(pods, other))).reason).toBe("Conflict");
    const blind = { ...pod, metadata: { ...pod.metadata, resourceVersion: "", labels: { a: "3" } } };
    expect((await current().update<Pod>(pods, blind)).metadata.labels).toEqual({ a: "3" });
  });

  it("refuses to update what is not there, what may not change, and what is not valid", async () => {
    const pod = await createPod(current(), "a");
    const lost = { ...pod, metadata: { ...pod.metadata, name: "b" } };
    expect(await refusal(current().update<Pod>(pods, lost))).toEqual(["NotFound", 'pods "b" not found']);
    const moved = { ...pod, spec: { ...pod.spec, nodeSelector: { a: "b" } } };
    expect((await failure(current().update<Pod>(pods, moved))).reason).toBe("Invalid");
    const settings = await current().get<ClusterSettings>(clusterSettings, { name: "cluster" });
    const broken = { ...settings, spec: { ...settings.spec, timingProfile: "never" } };
    expect((await failure(current().update<ClusterSettings>(clusterSettings, broken))).reason).toBe(
      "Invalid",
    );
  });

  it("stores nothing in a dry run of an update", async () => {
    const pod = await createPod(current(), "a");
    const changed = { ...pod, metadata: { ...pod.metadata, labels: { a: "1" } } };
    const shown = await current().update<Pod>(pods, changed, { dryRun: true });
    expect(shown.metadata.labels).toEqual({ a: "1" });
    expect(await current().get(pods, podKey("a"))).toEqual(pod);
  });

  it("binds a pod to a node once, through its subresource", async () => {
    await createPod(current(), "a");
    const binding = {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { name: "a" },
      target: { kind: "Node", name: "n" },
    };
    await current().act(pods as never, podKey("a"), "binding", binding);
    expect((await current().get(pods, podKey("a"))).spec.nodeName).toBe("n");
    expect((await failure(current().act(pods as never, podKey("a"), "binding", binding))).reason).toBe(
      "Conflict",
    );
    const unknown = current().act(pods as never, podKey("a"), "constructor", {});
    expect((await failure(unknown)).reason).toBe("NotFound");
  });

  it("takes a namespace's label and phase from its kind", async () => {
    const draft = { apiVersion: "v1", kind: "Namespace", metadata: { name: "team" }, spec: {}, status: {} };
    const namespace = await current().create<Namespace>(namespaces, draft);
    expect(namespace.metadata.labels).toEqual({ "kubernetes.io/metadata.name": "team" });
    expect(namespace.status.phase).toBe("Active");
    expect((await createPod(current(), "a", { namespace: "team" })).metadata.namespace).toBe("team");
  });
}

function createNode(objects: Objects, name: string): Promise<Node> {
  return objects.create<Node>(nodes, {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name },
    spec: {},
    status: {},
  });
}

function version({ metadata }: Node): number {
  return Number(metadata.resourceVersion);
}
