import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clusterSettings } from "../../src/api/kinds/cluster-settings.ts";
import { type Lease, leases } from "../../src/api/kinds/lease.ts";
import { namespaces } from "../../src/api/kinds/namespace.ts";
import { type Pod, pods } from "../../src/api/kinds/pod.ts";
import { schedulingDecisions } from "../../src/api/kinds/scheduling-decision.ts";
import type { KubeObject } from "../../src/api/meta.ts";
import { VirtualClock } from "../../src/clock/virtual.ts";
import { createRandom } from "../../src/lib/random.ts";
import { bootstrap } from "../../src/store/bootstrap.ts";
import type { ComputedKind } from "../../src/store/computed.ts";
import { MemoryStore } from "../../src/store/memory.ts";
import { StoredObjects } from "../../src/store/objects.ts";
import { type Operation, RevisionMismatch } from "../../src/store/store.ts";
import { createPod, failure, observe, podDraft, podKey } from "../conformance/objects-under-test.ts";

async function objectsOver(
  store: MemoryStore = new MemoryStore(),
  computed: readonly ComputedKind[] = [],
): Promise<{ readonly objects: StoredObjects; readonly clock: VirtualClock }> {
  const clock = new VirtualClock();
  const objects = new StoredObjects({ store, clock, random: createRandom("test"), computed });
  await bootstrap(objects, { seed: "7" });
  return { objects, clock };
}

describe("bootstrap", () => {
  it("makes the namespaces and the settings of a new cluster, once", async () => {
    const store = new MemoryStore();
    const { objects } = await objectsOver(store);
    const { revision } = store;
    await bootstrap(objects, { seed: "8" });
    expect(store.revision).toBe(revision);
    const names = (await objects.list(namespaces)).items.map(({ metadata }) => metadata.name);
    expect(names).toEqual(["default", "kube-node-lease", "kube-public", "kube-system"]);
    const settings = await objects.get(clusterSettings, { name: "cluster" });
    expect(settings.spec).toEqual({ strategy: "first-fit", timingProfile: "fast", seed: "7" });
  });
});

describe("computed kinds", () => {
  const decision = { metadata: { name: "a", namespace: "default" } };
  const computed = {
    kind: schedulingDecisions,
    get: ({ name }: { readonly name: string }) => (name === "a" ? decision : undefined),
    list: () => [decision],
  } as unknown as ComputedKind;

  it("are read from whoever computes them", async () => {
    const { objects } = await objectsOver(new MemoryStore(), [computed]);
    expect(await objects.get(schedulingDecisions, podKey("a"))).toBe(decision);
    expect((await objects.list(schedulingDecisions)).items).toEqual([decision]);
    const { reason, message } = await failure(objects.get(schedulingDecisions, podKey("b")));
    expect([reason, message]).toEqual(["NotFound", 'schedulingdecisions.kubesim.dev "b" not found']);
  });

  it("take no writes, and their watches stay silent", async () => {
    const { objects } = await objectsOver(new MemoryStore(), [computed]);
    const watch = observe(objects, schedulingDecisions, {});
    for (const write of [
      objects.create(schedulingDecisions, decision as never),
      objects.update(schedulingDecisions, decision as never),
      objects.patch(schedulingDecisions, podKey("a"), { type: "merge", patch: {} }),
      objects.delete(schedulingDecisions, podKey("a")),
    ]) {
      expect((await failure(write)).reason).toBe("MethodNotAllowed");
    }
    expect([watch.events, watch.ends]).toEqual([[], []]);
    watch.close();
  });
});

describe("presented kinds", () => {
  it("show a reader the renewals that fell due, in get, list and watch, without a write", async () => {
    const store = new MemoryStore();
    const { objects, clock } = await objectsOver(store);
    const renewTime = "2025-01-01T00:00:00.000000Z";
    await objects.create<Lease>(leases, {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: {
        name: "n",
        namespace: "kube-node-lease",
        annotations: { "kubesim.dev/renews-every-ms": "1000" },
      },
      spec: { renewTime },
    });
    const { revision } = store;
    await clock.advance(2_500);
    const expected = "2025-01-01T00:00:02.000000Z";
    const key = { namespace: "kube-node-lease", name: "n" };
    expect((await objects.get(leases, key)).spec.renewTime).toBe(expected);
    expect((await objects.list(leases)).items[0]?.spec.renewTime).toBe(expected);
    const watch = observe(objects, leases, {});
    await clock.settle();
    expect(watch.events).toMatchObject([{ type: "ADDED", object: { spec: { renewTime: expected } } }]);
    expect(store.revision).toBe(revision);
    watch.close();
  });
});

describe("bookmarks", () => {
  it("come once a minute to watchers that asked for them, behind the changes they cover", async () => {
    const { objects, clock } = await objectsOver();
    const asked = observe(objects, pods, { bookmarks: true });
    const other = observe(objects, pods, {});
    await createPod(objects, "a");
    clock.after(60_000 - 1, () => void createPod(objects, "b"));
    await clock.advance(60_000);
    expect(asked.lines).toEqual(["ADDED a", "ADDED b", "BOOKMARK"]);
    expect(other.lines).toEqual(["ADDED a", "ADDED b"]);
    const { resourceVersion } = await objects.list(pods);
    expect(asked.events[2]).toMatchObject({ resourceVersion });
    asked.close();
    await clock.advance(120_000);
    expect(asked.lines).toHaveLength(3);
    other.close();
  });

  it("never run ahead of a change that was made in the same instant", async () => {
    const { objects, clock } = await objectsOver();
    clock.after(60_000, () => void createPod(objects, "a"));
    const watch = observe(objects, pods, { bookmarks: true });
    clock.after(60_000, () => void createPod(objects, "b"));
    await clock.advance(60_000);
    const place = watch.lines.indexOf("BOOKMARK");
    const bookmark = watch.events[place];
    const { items } = await objects.list(pods);
    const covered = bookmark?.type === "BOOKMARK" ? Number(bookmark.resourceVersion) : Number.NaN;
    const names = items.filter(({ metadata }) => Number(metadata.resourceVersion) <= covered);
    expect(watch.lines.slice(0, place)).toEqual(names.map(({ metadata }) => `ADDED ${metadata.name}`));
    watch.close();
  });
});

describe("a store that somebody else writes to as well", () => {
  /** Lets another writer win the race for the next commits. */
  class ContendedStore extends MemoryStore {
    lostRaces = 0;

    override async commit(operations: readonly Operation[]): Promise<number> {
      if (this.lostRaces > 0 && operations[0]?.expected !== undefined) {
        this.lostRaces--;
        throw new RevisionMismatch(operations[0].key, operations[0].expected, 0);
      }
      return super.commit(operations);
    }
  }

  it("has every write decided anew, and none fails", async () => {
    const store = new ContendedStore();
    const { objects } = await objectsOver(store);
    const contended = <T>(call: () => Promise<T>): Promise<T> => {
      store.lostRaces = 3;
      return call();
    };
    const pod = await contended(() => createPod(objects, "a"));
    const labels = { app: "x" };
    await contended(() => objects.update<Pod>(pods, { ...pod, metadata: { ...pod.metadata, labels } }));
    const patch = { metadata: { labels: { b: "y" } } };
    await contended(() => objects.patch(pods, podKey("a"), { type: "merge", patch }));
    const binding = { target: { kind: "Node", name: "n" } };
    await contended(() => objects.act(pods as never, podKey("a"), "binding", binding));
    const bound = await objects.get(pods, podKey("a"));
    expect([bound.metadata.labels, bound.spec.nodeName]).toEqual([{ app: "x", b: "y" }, "n"]);
    await contended(() => objects.delete(pods, podKey("a"), { gracePeriodSeconds: 0 }));
    expect((await failure(objects.get(pods, podKey("a")))).reason).toBe("NotFound");
    expect(store.lostRaces).toBe(0);
  });
});

describe("whatever is done to objects", () => {
  it("versions rise, a watch ends up with the list, and pages make up the whole", async () => {
    const name = fc.constantFrom("a", "b", "c", "d");
    const step = fc.record({
      verb: fc.constantFrom("create", "label", "status", "bind", "delete", "kill", "swap"),
      name,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { objects } = await objectsOver();
        const seen = new Map<string, KubeObject>();
        let version = 0;
        const watch = objects.watch(
          pods,
          {},
          {
            events(batch) {
              for (const event of batch) {
                if (event.type === "BOOKMARK") continue;
                expect(Number(event.object.metadata.resourceVersion)).toBeGreaterThan(version);
                version = Number(event.object.metadata.resourceVersion);
                expect(seen.has(event.object.metadata.name)).toBe(event.type !== "ADDED");
                if (event.type === "DELETED") seen.delete(event.object.metadata.name);
                else seen.set(event.object.metadata.name, event.object);
              }
            },
            closed: (error) => expect(error).toBeUndefined(),
          },
        );
        for (const [index, { verb, name: target }] of steps.entries())
          await act(objects, verb, target, index);
        await new Promise((resolve) => setImmediate(resolve));
        const whole = await objects.list(pods);
        expect([...seen.values()].sort(byName)).toEqual(whole.items);
        let paged: readonly Pod[] = [];
        let token: string | undefined;
        do {
          const page = await objects.list(pods, {
            limit: 1,
            ...(token !== undefined && { continue: token }),
          });
          paged = [...paged, ...page.items];
          token = page.continue;
        } while (token !== undefined);
        expect(paged).toEqual(whole.items);
        expect(new Set(whole.items.map(({ metadata }) => metadata.uid)).size).toBe(whole.items.length);
        watch.close();
      }),
      { numRuns: 60 },
    );
  });
});

/** One random write; being refused is part of it. */
async function act(objects: StoredObjects, verb: string, name: string, index: number): Promise<void> {
  const key = podKey(name);
  const labels = { step: String(index) };
  const existing = await objects.get(pods, key).catch(() => undefined);
  const writes: Record<string, () => Promise<unknown>> = {
    create: () => createPod(objects, name, { labels }),
    label: () => objects.patch(pods, key, { type: "strategic", patch: { metadata: { labels } } }),
    status: () =>
      objects.update<Pod>(
        pods,
        { ...(existing as Pod), status: { phase: "Running" } },
        { subresource: "status" },
      ),
    bind: () => objects.act(pods as never, key, "binding", { target: { kind: "Node", name: "n" } }),
    delete: () => objects.delete(pods, key),
    kill: () => objects.delete(pods, key, { gracePeriodSeconds: 0 }),
    swap: () => objects.create<Pod>(pods, podDraft(name), { replaces: existing?.metadata.uid ?? "none" }),
  };
  if (existing === undefined && verb === "status") return;
  await (writes[verb] as () => Promise<unknown>)().catch((error: unknown) => {
    expect(error).toMatchObject({ name: "ApiError" });
  });
}

function byName(a: KubeObject, b: KubeObject): number {
  return a.metadata.name < b.metadata.name ? -1 : 1;
}
