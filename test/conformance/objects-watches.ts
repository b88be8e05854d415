import { expect, it, vi } from "vitest";
import { type Pod, pods } from "../../src/api/kinds/pod.ts";
import type { Objects, WatchEvent } from "../../src/api/objects.ts";
import type { ObjectsFactory } from "./objects.ts";
import { createPod, failure, type Observed, observe, podDraft, podKey } from "./objects-under-test.ts";

const PATIENCE_MS = 60_000;

/** Watches: order, start, selection, end. */
export function describeWatches(current: () => Objects, create: ObjectsFactory): void {
  describeStarts(current, create);
  describeSelectedWatches(current);
}

function describeStarts(current: () => Objects, create: ObjectsFactory): void {
  it("tells every change after a version, once, in order, with rising versions", async () => {
    const { resourceVersion } = await current().list(pods);
    await createPod(current(), "a");
    const watch = observe(current(), pods, { resourceVersion });
    await label(current(), "a", "1");
    await createPod(current(), "b");
    await current().delete(pods, podKey("a"));
    await told(watch, 4);
    expect(watch.lines).toEqual(["ADDED a", "MODIFIED a", "ADDED b", "DELETED a"]);
    const versions = watch.events.map(versionOf);
    expect(versions.toSorted((a, b) => a - b)).toEqual(versions);
    expect(new Set(versions).size).toBe(4);
    watch.close();
  });

  it("shows in DELETED the object as it last was, with the version of its deletion", async () => {
    const pod = await createPod(current(), "a", { labels: { app: "x" } });
    const watch = observe(current(), pods, { resourceVersion: pod.metadata.resourceVersion });
    await current().delete(pods, podKey("a"));
    await told(watch, 1);
    const [event] = watch.events;
    expect(event).toMatchObject({ type: "DELETED", object: { metadata: { labels: { app: "x" } } } });
    expect(versionOf(event as WatchEvent)).toBeGreaterThan(Number(pod.metadata.resourceVersion));
    const { resourceVersion } = await current().list(pods);
    expect(String(versionOf(event as WatchEvent))).toBe(resourceVersion);
    watch.close();
  });

  it("starts with what there is when no version is given", async () => {
    await createPod(current(), "a");
    for (const options of [{}, { resourceVersion: "0" }]) {
      const watch = observe(current(), pods, options);
      await told(watch, 1);
      expect(watch.lines).toEqual(["ADDED a"]);
      watch.close();
    }
    const marked = observe(current(), pods, { sendInitialEvents: true, bookmarks: true });
    await told(marked, 2);
    expect(marked.lines).toEqual(["ADDED a", "BOOKMARK initial"]);
    await createPod(current(), "b");
    await told(marked, 3);
    expect(marked.lines[2]).toBe("ADDED b");
    marked.close();
  });

  it("joins what there was and what follows without a gap or a repeat", async () => {
    const writes = Array.from({ length: 30 }, (_, index) => createPod(current(), `p-${index}`));
    await Promise.all(writes.slice(0, 10));
    const watch = observe(current(), pods, {});
    await Promise.all(writes);
    await createPod(current(), "last");
    await vi.waitFor(() => expect(watch.lines).toContain("ADDED last"), PATIENCE_MS);
    expect(watch.lines.toSorted()).toEqual(
      [...Array.from({ length: 30 }, (_, index) => `ADDED p-${index}`), "ADDED last"].toSorted(),
    );
    watch.close();
  });

  it("tells of a replacement as DELETED, then ADDED, and resumes between the two", async () => {
    const old = await createPod(current(), "a");
    const watch = observe(current(), pods, { resourceVersion: old.metadata.resourceVersion });
    await current().create<Pod>(pods, podDraft("a"), { replaces: old.metadata.uid });
    await told(watch, 2);
    expect(watch.lines).toEqual(["DELETED a", "ADDED a"]);
    const between = String(versionOf(watch.events[0] as WatchEvent));
    const resumed = observe(current(), pods, { resourceVersion: between });
    await told(resumed, 1);
    expect(resumed.lines).toEqual(["ADDED a"]);
    watch.close();
    resumed.close();
  });

  it("ends with Expired when the version is too old, and with an error when it lies in the future", async () => {
    const { objects, close } = await create({ historyLimit: 3 });
    const { resourceVersion } = await objects.list(pods);
    for (let index = 0; index < 5; index++) await createPod(objects, `p-${index}`);
    const old = observe(objects, pods, { resourceVersion });
    await vi.waitFor(() => expect(old.ends).toHaveLength(1), PATIENCE_MS);
    expect(old.ends[0]?.reason).toBe("Expired");
    expect(old.ends[0]?.message).toContain(`too old resource version: ${resourceVersion} (`);
    expect(old.events).toEqual([]);
    const future = observe(objects, pods, { resourceVersion: "99999999" });
    await vi.waitFor(() => expect(future.ends).toHaveLength(1), PATIENCE_MS);
    expect(future.ends[0]).toBeDefined();
    await close();
  });

  it("goes silent when it is closed", async () => {
    const closed = observe(current(), pods, {});
    closed.close();
    const open = observe(current(), pods, {});
    await createPod(current(), "a");
    await told(open, 1);
    expect(closed.events).toEqual([]);
    expect(closed.ends).toEqual([]);
    open.close();
  });
}

function describeSelectedWatches(current: () => Objects): void {
  it("lets objects come and go as they begin and cease to match the labels", async () => {
    const { resourceVersion } = await current().list(pods);
    const watch = observe(current(), pods, { resourceVersion, labelSelector: "app=1" });
    await createPod(current(), "a");
    await label(current(), "a", "1");
    await current().patch(pods, podKey("a"), {
      type: "merge",
      patch: { metadata: { labels: { more: "x" } } },
    });
    await label(current(), "a", "2");
    await label(current(), "a", "1");
    await current().delete(pods, podKey("a"));
    await told(watch, 5);
    expect(watch.lines).toEqual(["ADDED a", "MODIFIED a", "DELETED a", "ADDED a", "DELETED a"]);
    const gone = watch.events[2] as WatchEvent<Pod> & { object: Pod };
    expect(gone.object.metadata.labels).toEqual({ app: "1", more: "x" });
    const versions = watch.events.map(versionOf);
    expect(versions.toSorted((a, b) => a - b)).toEqual(versions);
    watch.close();
  });

  it("watches the objects of one namespace, of one name, or of one node", async () => {
    const { resourceVersion } = await current().list(pods);
    const namespaced = observe(current(), pods, { resourceVersion, namespace: "kube-system" });
    const named = observe(current(), pods, { resourceVersion, fieldSelector: "metadata.name=b" });
    const bound = observe(current(), pods, { resourceVersion, fieldSelector: "spec.nodeName=n" });
    await createPod(current(), "a", { namespace: "kube-system" });
    await createPod(current(), "b");
    const binding = {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { name: "b" },
      target: { kind: "Node", name: "n" },
    };
    await current().act(pods as never, podKey("b"), "binding", binding);
    await told(named, 2);
    expect(namespaced.lines).toEqual(["ADDED a"]);
    expect(named.lines).toEqual(["ADDED b", "MODIFIED b"]);
    await told(bound, 1);
    expect(bound.lines).toEqual(["ADDED b"]);
    for (const watch of [namespaced, named, bound]) watch.close();
  });

  it("refuses a version or a selector that is none", async () => {
    for (const options of [
      { resourceVersion: "x" },
      { labelSelector: "a=b=c" },
      { fieldSelector: "foo=x" },
    ]) {
      const ended = new Promise<never>((_, reject) => {
        current().watch(pods, options, { events: () => {}, closed: reject });
      });
      expect((await failure(ended)).reason, JSON.stringify(options)).toBe("BadRequest");
    }
  });
}

function label(objects: Objects, name: string, app: string): Promise<Pod> {
  return objects.patch(pods, podKey(name), { type: "merge", patch: { metadata: { labels: { app } } } });
}

async function told(watch: Observed, events: number): Promise<void> {
  await vi.waitFor(() => expect(watch.events.length).toBeGreaterThanOrEqual(events), PATIENCE_MS);
}

function versionOf(event: WatchEvent): number {
  return Number(event.type === "BOOKMARK" ? event.resourceVersion : event.object.metadata.resourceVersion);
}
