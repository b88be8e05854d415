import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type PersistentVolume, persistentVolumes } from "../../src/api/kinds/persistent-volume.ts";
import {
  type PersistentVolumeClaim,
  persistentVolumeClaims,
} from "../../src/api/kinds/persistent-volume-claim.ts";
import { pods } from "../../src/api/kinds/pod.ts";
import { type StatefulSet, statefulSets } from "../../src/api/kinds/stateful-set.ts";
import { type StorageClass, storageClasses } from "../../src/api/kinds/storage-class.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";
import { draftOf, find, patch, templateOf } from "./workloads.ts";

let cluster: ClusterUnderTest;
beforeEach(async () => {
  cluster = await ClusterUnderTest.start();
  for (const name of ["a", "b"]) await cluster.addNode(name, { labels: { zone: name } });
  await cluster.clock.settle();
});
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

const claimOf = (name: string) => find(cluster, persistentVolumeClaims, name);
const volumes = async () => (await cluster.objects.list(persistentVolumes)).items;
const claims = async () => (await cluster.objects.list(persistentVolumeClaims)).items;
const pass = (ms = 3_000) => cluster.clock.advance(ms);

function claim(name: string, spec: Partial<PersistentVolumeClaim["spec"]> = {}, storage = "1Gi") {
  const whole = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } }, ...spec };
  return cluster.objects.create<PersistentVolumeClaim>(
    persistentVolumeClaims,
    draftOf(persistentVolumeClaims, name, whole),
  );
}

function volume(name: string, storage: string, spec: Partial<PersistentVolume["spec"]> = {}) {
  return cluster.objects.create<PersistentVolume>(persistentVolumes, {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name },
    spec: {
      capacity: { storage },
      accessModes: ["ReadWriteOnce"],
      hostPath: { path: "/data" },
      storageClassName: "",
      ...spec,
    },
    status: {},
  });
}

function storageClass(name: string, rest: Partial<StorageClass>) {
  return cluster.objects.create<StorageClass>(storageClasses, {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name },
    provisioner: "kubesim.dev/simulated",
    ...rest,
  });
}

const launch = (name: string, claimName: string) =>
  cluster.launch(name, { spec: { volumes: [{ name: "data", persistentVolumeClaim: { claimName } }] } });
const why = async (name: string) => {
  const { status } = await find(cluster, pods, name);
  return status.conditions?.find(({ type }) => type === "PodScheduled")?.message;
};
const on = (key: string) => ({
  required: {
    nodeSelectorTerms: [{ matchExpressions: [{ key: "zone", operator: "In", values: [key] } as const] }],
  },
});

describe("a claim of the default class", () => {
  it("waits for its pod, gets a volume, and takes it along", async () => {
    await claim("data");
    await pass();
    expect((await claimOf("data")).spec.storageClassName).toBe("standard");
    expect((await claimOf("data")).status.phase).toBe("Pending");
    expect((await cluster.events("WaitForFirstConsumer")).length).toBe(1);
    await launch("web", "data");
    await pass();
    const bound = await claimOf("data");
    const [made] = await volumes();
    expect(bound.status).toMatchObject({ phase: "Bound", capacity: { storage: "1Gi" } });
    expect(bound.metadata.annotations?.["volume.kubernetes.io/selected-node"]).toBe("a");
    expect(made).toMatchObject({
      metadata: { name: `pvc-${bound.metadata.uid}` },
      spec: { claimRef: { name: "data", uid: bound.metadata.uid }, persistentVolumeReclaimPolicy: "Delete" },
      status: { phase: "Bound" },
    });
    expect((await find(cluster, pods, "web")).status.phase).toBe("Running");
    expect((await cluster.events("ProvisioningSucceeded")).length).toBe(1);

    await cluster.objects.delete(persistentVolumeClaims, { namespace: "default", name: "data" });
    await pass();
    expect((await claimOf("data")).metadata.finalizers).toEqual(["kubernetes.io/pvc-protection"]);
    await cluster.objects.delete(pods, { namespace: "default", name: "web" });
    await pass(40_000);
    expect(await claims()).toEqual([]);
    expect(await volumes()).toEqual([]);
  });

  it("grows when it asks for more, and only where its class allows it", async () => {
    await storageClass("fixed", { volumeBindingMode: "Immediate" });
    await claim("grows");
    await claim("stays", { storageClassName: "fixed" });
    await launch("web", "grows");
    await pass();
    const resources = { requests: { storage: "5Gi" } };
    await patch(cluster, persistentVolumeClaims, "grows", { spec: { resources } });
    await expect(patch(cluster, persistentVolumeClaims, "stays", { spec: { resources } })).rejects.toThrow(
      /only dynamically provisioned pvc can be resized and the storageclass/,
    );
    await pass();
    expect((await claimOf("grows")).status.capacity).toEqual({ storage: "5Gi" });
    expect((await volumes()).map(({ spec }) => spec.capacity.storage).sort()).toEqual(["1Gi", "5Gi"]);
  });
});

describe("volumes made by hand", () => {
  it("go to claims that fit, the smallest that is enough first, and are kept when released", async () => {
    await volume("large", "10Gi");
    await volume("small", "1Gi");
    await volume("medium", "5Gi");
    // Only what has been found to be available is given away, one after the other.
    await pass();
    await claim("data", { storageClassName: "" }, "3Gi");
    await pass();
    expect((await claimOf("data")).spec.volumeName).toBe("medium");
    expect((await claimOf("data")).status.capacity).toEqual({ storage: "5Gi" });
    await claim("huge", { storageClassName: "" }, "20Gi");
    await pass();
    const [event] = await cluster.events("FailedBinding");
    expect(event?.message).toBe("no persistent volumes available for this claim and no storage class is set");
    await cluster.objects.delete(persistentVolumeClaims, { namespace: "default", name: "data" });
    await pass();
    expect((await find(cluster, persistentVolumes, "medium")).status.phase).toBe("Released");
    await volume("later", "30Gi");
    await pass();
    expect((await claimOf("huge")).spec.volumeName).toBe("later");
  });

  it("are lost with their object", async () => {
    await volume("only", "1Gi");
    await claim("data", { storageClassName: "" });
    await pass();
    await patch(cluster, persistentVolumes, "only", { metadata: { finalizers: null } });
    await cluster.objects.delete(persistentVolumes, { name: "only" });
    await pass();
    expect((await claimOf("data")).status.phase).toBe("Lost");
    expect((await cluster.events("ClaimLost")).length).toBe(1);
  });

  it("are bound to the pod's node where their class waits for it, one for each claim", async () => {
    await storageClass("local", {
      provisioner: "kubernetes.io/no-provisioner",
      volumeBindingMode: "WaitForFirstConsumer",
    });
    await volume("on-b", "1Gi", { storageClassName: "local", nodeAffinity: on("b") });
    await claim("first", { storageClassName: "local" });
    await claim("second", { storageClassName: "local" });
    await launch("one", "first");
    await launch("two", "second");
    await pass();
    expect((await find(cluster, pods, "one")).spec.nodeName).toBe("b");
    expect(await why("two")).toBe(
      "0/2 nodes are available: 2 node(s) didn't find available persistent volumes to bind. " +
        "preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
    );
    await volume("on-a", "1Gi", { storageClassName: "local", nodeAffinity: on("a") });
    await pass();
    expect((await find(cluster, pods, "two")).spec.nodeName).toBe("a");
  });
});

describe("a pod", () => {
  it("says which claim it waits for, and goes when it is bound", async () => {
    await launch("web", "data");
    await pass();
    expect(await why("web")).toMatch(
      /^0\/2 nodes are available: persistentvolumeclaim "data" not found\. pre/,
    );
    await claim("data", { storageClassName: "nowhere" });
    await pass();
    expect(await why("web")).toMatch(/: pod has unbound immediate PersistentVolumeClaims\. preemption/);
    await storageClass("nowhere", { volumeBindingMode: "Immediate" });
    await pass();
    expect((await find(cluster, pods, "web")).status.phase).toBe("Running");
  });

  it("waits while another pod uses a claim that is for one pod alone", async () => {
    await claim("alone", { accessModes: ["ReadWriteOncePod"] });
    const using = { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "alone" } }] };
    await cluster.launch("first", { spec: using });
    await pass();
    await cluster.launch("second", { spec: using });
    await pass();
    expect((await find(cluster, pods, "first")).status.phase).toBe("Running");
    const scheduled = (await find(cluster, pods, "second")).status.conditions?.find(
      ({ type }) => type === "PodScheduled",
    );
    expect(scheduled?.message).toMatch(
      /^0\/2 nodes are available: 2 node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod/,
    );
    await cluster.objects.delete(pods, { namespace: "default", name: "first" });
    await pass(40_000);
    expect((await find(cluster, pods, "second")).status.phase).toBe("Running");
  });

  it("pushes out a pod of less priority that has the claim which it alone may use", async () => {
    await claim("alone", { accessModes: ["ReadWriteOncePod"] });
    const using = { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "alone" } }] };
    await cluster.launch("first", { spec: using });
    await cluster.launch("bystander");
    await pass();
    const { nodeName } = (await find(cluster, pods, "first")).spec;
    await cluster.launch("second", { spec: { ...using, priority: 1_000 } });
    await pass(5_000);
    const second = await find(cluster, pods, "second");
    expect(second).toMatchObject({ spec: { nodeName }, status: { phase: "Running" } });
    expect((await cluster.events("Preempted")).map(({ involvedObject }) => involvedObject.name)).toEqual([
      "first",
    ]);
    expect((await find(cluster, pods, "bystander")).status.phase).toBe("Running");
  });

  it("stays where its volume can be reached", async () => {
    await storageClass("zonal", {
      volumeBindingMode: "WaitForFirstConsumer",
      parameters: { topologyKey: "zone" },
    });
    await claim("data", { storageClassName: "zonal" });
    await launch("first", "data");
    await pass();
    await patch(cluster, (await import("../../src/api/kinds/node.ts")).nodes, "a", {
      spec: { unschedulable: true },
    });
    await launch("second", "data");
    await pass();
    expect(await why("second")).toContain(
      "1 node(s) had volume node affinity conflict, 1 node(s) were unsch",
    );
  });

  it("has ephemeral volumes of its own", async () => {
    const volumeClaimTemplate = {
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    };
    await cluster.launch("web", {
      spec: { volumes: [{ name: "scratch", ephemeral: { volumeClaimTemplate } }] },
    });
    await pass();
    expect((await find(cluster, pods, "web")).status.phase).toBe("Running");
    expect((await claimOf("web-scratch")).metadata.ownerReferences?.[0]?.kind).toBe("Pod");
    await cluster.objects.delete(pods, { namespace: "default", name: "web" });
    await pass(40_000);
    expect(await claims()).toEqual([]);
    expect(await volumes()).toEqual([]);
  });
});

describe("claims of a StatefulSet", () => {
  const create = (persistentVolumeClaimRetentionPolicy: object) =>
    cluster.objects.create<StatefulSet>(
      statefulSets,
      draftOf(statefulSets, "db", {
        replicas: 2,
        selector: { matchLabels: { app: "db" } },
        template: templateOf("db"),
        volumeClaimTemplates: [
          {
            metadata: { name: "data" },
            spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
          },
        ],
        persistentVolumeClaimRetentionPolicy,
      }),
    );
  const names = async () => (await claims()).map(({ metadata }) => metadata.name);

  it("stay when it shrinks and goes, and are used again", async () => {
    await create({});
    await pass(10_000);
    expect(await names()).toEqual(["data-db-0", "data-db-1"]);
    const before = (await claimOf("data-db-1")).metadata.uid;
    await patch(cluster, statefulSets, "db", { spec: { replicas: 1 } });
    await pass(40_000);
    expect(await names()).toEqual(["data-db-0", "data-db-1"]);
    await patch(cluster, statefulSets, "db", { spec: { replicas: 2 } });
    await pass(10_000);
    expect((await claimOf("data-db-1")).metadata.uid).toBe(before);
    expect((await cluster.pods()).map(({ status }) => status.phase)).toEqual(["Running", "Running"]);
  });

  it("go with their pod and with the set when it says so", async () => {
    await create({ whenDeleted: "Delete", whenScaled: "Delete" });
    await pass(10_000);
    await patch(cluster, statefulSets, "db", { spec: { replicas: 1 } });
    await pass(60_000);
    expect(await names()).toEqual(["data-db-0"]);
    await cluster.objects.delete(statefulSets, { namespace: "default", name: "db" });
    await pass(60_000);
    expect(await names()).toEqual([]);
    expect(await volumes()).toEqual([]);
  });
});
