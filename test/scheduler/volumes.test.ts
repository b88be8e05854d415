import { afterEach, beforeEach, expect, test } from "vitest";
import type { Kind } from "../../src/api/kind.ts";
import { type PersistentVolume, persistentVolumes } from "../../src/api/kinds/persistent-volume.ts";
import {
  type PersistentVolumeClaim,
  persistentVolumeClaims,
} from "../../src/api/kinds/persistent-volume-claim.ts";
import { type StorageClass, storageClasses } from "../../src/api/kinds/storage-class.ts";
import type { Draft, KubeObject } from "../../src/api/meta.ts";
import { VolumeAnnotation } from "../../src/api/well-known.ts";
import { VirtualClock } from "../../src/clock/virtual.ts";
import { createRandom } from "../../src/lib/random.ts";
import { ClusterState } from "../../src/scheduler/cache/cluster-state.ts";
import type { NodeEntry } from "../../src/scheduler/cache/node-entry.ts";
import { NO_CONSTRAINTS, type PodShape, podShape } from "../../src/scheduler/cache/pod-shape.ts";
import { nodeSpec, tenant } from "../../src/scheduler/placement/testing.ts";
import { Volumes } from "../../src/scheduler/volumes/volumes.ts";
import { bootstrap } from "../../src/store/bootstrap.ts";
import { MemoryStore } from "../../src/store/memory.ts";
import { StoredObjects } from "../../src/store/objects.ts";

const clock = new VirtualClock();
let objects: StoredObjects;
let volumes: Volumes;
let informers: ReturnType<Volumes["informers"]>;
let state: ClusterState;
let here: NodeEntry;
let there: NodeEntry;

beforeEach(async () => {
  objects = new StoredObjects({ store: new MemoryStore(), clock, random: createRandom("volumes") });
  await bootstrap(objects);
  volumes = new Volumes(() => undefined);
  informers = volumes.informers(objects, clock);
  for (const informer of informers) await informer.start();
  state = new ClusterState();
  here = state.setNode(nodeSpec("here", {}, { labels: { zone: "a" } }));
  there = state.setNode(nodeSpec("there", {}, { labels: { zone: "b" } }));
  volumes.countUsers(state);
  await storageClass("late", "kubernetes.io/no-provisioner");
  await storageClass("made", "example.com/maker", { allowedTopologies: zone("b") });
  await storageClass("now", "example.com/maker", { volumeBindingMode: "Immediate" });
});
afterEach(() => {
  for (const informer of informers) informer.stop();
});

const zone = (value: string) => [{ matchLabelExpressions: [{ key: "zone", values: [value] }] }];

async function create<T extends KubeObject>(kind: Kind<T>, object: object): Promise<T> {
  const apiVersion = kind.group === "" ? kind.version : `${kind.group}/${kind.version}`;
  const created = await objects.create(kind, {
    apiVersion,
    kind: kind.kind,
    ...object,
  } as unknown as Draft<T>);
  await clock.settle();
  return created;
}

function storageClass(name: string, provisioner: string, rest: Partial<StorageClass> = {}) {
  const volumeBindingMode = "WaitForFirstConsumer";
  return create(storageClasses, { metadata: { name }, provisioner, volumeBindingMode, ...rest });
}

function claim(
  name: string,
  storageClassName: string,
  storage = "1Gi",
  spec: object = {},
  metadata: object = {},
) {
  return create<PersistentVolumeClaim>(persistentVolumeClaims, {
    metadata: { name, namespace: "default", ...metadata },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName,
      resources: { requests: { storage } },
      ...spec,
    },
  });
}

async function volume(name: string, storage: string, zone?: string): Promise<PersistentVolume> {
  const terms = [{ matchExpressions: [{ key: "zone", operator: "In", values: [zone] }] }];
  const created = await create<PersistentVolume>(persistentVolumes, {
    metadata: { name },
    spec: {
      capacity: { storage },
      accessModes: ["ReadWriteOnce"],
      storageClassName: "late",
      hostPath: { path: "/x" },
      ...(zone !== undefined && { nodeAffinity: { required: { nodeSelectorTerms: terms } } }),
    },
  });
  const status = { phase: "Available" } as const;
  await objects.update(persistentVolumes, { ...created, status }, { subresource: "status" });
  await clock.settle();
  return created;
}

function using(...names: string[]): PodShape {
  const claims = names.map((name) => ({ namespace: "default", name }));
  return podShape({}, NO_CONSTRAINTS, undefined, { hostPorts: [], claims });
}

function refusals(shape: PodShape): readonly (string | undefined)[] {
  const check = volumes.checkOf(shape);
  return [here, there].map((node) => check?.refusal(node, new Set())?.reasons[0]);
}

const both = (reason: string | undefined) => [reason, reason];
const NONE_THERE = "node(s) didn't find available persistent volumes to bind";

test("a pod without claims is not asked about; one whose claim is missing, going or unbound waits", async () => {
  expect(volumes.checkOf(podShape({}))).toBeUndefined();
  expect(refusals(using("nobody"))).toEqual(both('persistentvolumeclaim "nobody" not found'));
  await claim("now", "now");
  expect(refusals(using("now"))).toEqual(both("pod has unbound immediate PersistentVolumeClaims"));
  await claim("going", "late", "1Gi", {}, { finalizers: ["example.com/held"] });
  await objects.delete(persistentVolumeClaims, { namespace: "default", name: "going" });
  await clock.settle();
  expect(refusals(using("going"))).toEqual(both('persistentvolumeclaim "going" is being deleted'));
  const owned = podShape({}, NO_CONSTRAINTS, undefined, {
    hostPorts: [],
    claims: [{ namespace: "default", name: "own", owner: "uid" }],
  });
  expect(refusals(owned)[0]).toBe(
    'waiting for ephemeral volume controller to create the persistentvolumeclaim "own"',
  );
});

test("a bound claim keeps its pod where its volume can be reached, and nowhere once that is gone", async () => {
  await volume("disk", "1Gi", "a");
  const annotations = { [VolumeAnnotation.bindCompleted]: "yes" };
  await claim("data", "late", "1Gi", { volumeName: "disk" }, { annotations });
  expect(refusals(using("data"))).toEqual([undefined, "node(s) had volume node affinity conflict"]);
  const free = { type: "merge", patch: { metadata: { finalizers: null } } } as const;
  await objects.patch(persistentVolumes, { name: "disk" }, free);
  await objects.delete(persistentVolumes, { name: "disk" });
  await clock.settle();
  expect(refusals(using("data"))).toEqual(
    both("node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)"),
  );
});

test("claims that wait for a pod get volumes of the node, the smallest first, each but one", async () => {
  await claim("big", "late", "3Gi");
  await claim("small", "late", "1Gi");
  expect(refusals(using("small"))).toEqual(both(NONE_THERE));
  await volume("two", "2Gi", "a");
  await volume("four", "4Gi", "a");
  await volume("far", "9Gi", "b");
  expect(refusals(using("big", "small"))).toEqual([undefined, NONE_THERE]);
  const chosen = () =>
    volumes
      .checkOf(using("big", "small"))
      ?.choose(here)
      ?.found.map(([one, other]) => `${one.metadata.name}: ${other.metadata.name}`);
  expect(chosen()).toEqual(["small: two", "big: four"]);
  const promised = await claim("other", "late");
  const two = volumes.volume("two") as PersistentVolume;
  volumes.promise(two, promised);
  expect(chosen()).toBeUndefined();
  volumes.release(two);
  expect(chosen()).toHaveLength(2);
});

test("a class that makes volumes does so where it may, and on the node that was chosen before", async () => {
  await claim("fresh", "made");
  expect(refusals(using("fresh"))).toEqual([NONE_THERE, undefined]);
  expect(volumes.checkOf(using("fresh"))?.choose(there)?.made).toHaveLength(1);
  await claim("chosen", "made", "1Gi", {}, { annotations: { [VolumeAnnotation.selectedNode]: "here" } });
  expect(refusals(using("chosen"))).toEqual(both(NONE_THERE));
});

test("a claim for one pod alone is refused to others while a pod with a node uses it", async () => {
  await claim("alone", "made", "1Gi", { accessModes: ["ReadWriteOncePod"] });
  const shape = using("alone");
  expect(refusals(shape)[1]).toBeUndefined();
  const first = tenant("first", shape);
  state.bind(first, "there");
  const reason =
    "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode";
  expect(refusals(shape)).toEqual(both(reason));
  expect(volumes.checkOf(shape)?.refusal(here, new Set())?.unresolvable).toBe(false);
  expect(volumes.checkOf(shape)?.refusal(there, new Set([first]))).toBeUndefined();
  state.forget("first");
  expect(refusals(shape)[1]).toBeUndefined();
});

test("whoever listens hears of every change of a claim until they stop", async () => {
  let heard = 0;
  const leave = volumes.listen({ namespace: "default", name: "data" }, () => heard++);
  await claim("data", "late");
  await claim("another", "late");
  expect(heard).toBe(1);
  leave();
  await objects.delete(persistentVolumeClaims, { namespace: "default", name: "data" });
  await clock.settle();
  expect(heard).toBe(1);
});
