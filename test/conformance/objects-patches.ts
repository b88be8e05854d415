import { expect, it } from "vitest";
import { nodes } from "../../src/api/kinds/node.ts";
import { pods } from "../../src/api/kinds/pod.ts";
import type { Objects } from "../../src/api/objects.ts";
import { createPod, failure, podKey, refusal } from "./objects-under-test.ts";

/** The three kinds of patch, at the level of objects; src/api/patch has the details. */
export function describePatches(current: () => Objects): void {
  it("applies a merge patch: null removes, the rest replaces", async () => {
    await createPod(current(), "a", { labels: { app: "x", tier: "y" } });
    const patch = { metadata: { labels: { app: null, new: "z" } } };
    const patched = await current().patch(pods, podKey("a"), { type: "merge", patch });
    expect(patched.metadata.labels).toEqual({ tier: "y", new: "z" });
    expect(await current().get(pods, podKey("a"))).toEqual(patched);
  });

  it("applies a JSON patch as a whole or not at all", async () => {
    const pod = await createPod(current(), "a", { labels: { app: "x" } });
    const add = { op: "add", path: "/metadata/labels/b", value: "1" } as const;
    const patched = await current().patch(pods, podKey("a"), { type: "json", operations: [add] });
    expect(patched.metadata.labels).toEqual({ app: "x", b: "1" });
    const test = { op: "test", path: "/metadata/labels/app", value: "other" } as const;
    const remove = { op: "remove", path: "/metadata/labels/b" } as const;
    const failing = current().patch(pods, podKey("a"), { type: "json", operations: [remove, test] });
    const message = "the server rejected our request due to an error in our request";
    expect(await refusal(failing)).toEqual(["Invalid", message]);
    expect((await current().get(pods, podKey("a"))).metadata.labels).toEqual({ app: "x", b: "1" });
    expect(pod.metadata.labels).toEqual({ app: "x" });
  });

  it("applies a strategic patch: containers merge by name, taints are replaced", async () => {
    await createPod(current(), "a");
    const patch = { spec: { containers: [{ name: "main", image: "busybox:1.37" }] } };
    const patched = await current().patch(pods, podKey("a"), { type: "strategic", patch });
    expect(patched.spec.containers).toHaveLength(1);
    expect(patched.spec.containers[0]).toMatchObject({ name: "main", image: "busybox:1.37" });
    expect(patched.metadata.generation).toBe(2);
    const taint = (key: string) => ({ spec: { taints: [{ key, effect: "NoSchedule" }] } });
    const draft = { apiVersion: "v1", kind: "Node", metadata: { name: "n" }, spec: {}, status: {} };
    await current().create(nodes, draft);
    await current().patch(nodes, { name: "n" }, { type: "strategic", patch: taint("one") });
    const node = await current().patch(nodes, { name: "n" }, { type: "strategic", patch: taint("two") });
    expect(node.spec.taints?.map(({ key }) => key)).toEqual(["two"]);
  });

  it("patches status and the spec apart from each other; labels may go along with both", async () => {
    await createPod(current(), "a");
    const spec = { activeDeadlineSeconds: 5 };
    const both = { metadata: { labels: { a: "1" } }, spec, status: { phase: "Running" } };
    const status = await current().patch(
      pods,
      podKey("a"),
      { type: "merge", patch: both },
      { subresource: "status" },
    );
    expect([status.status.phase, status.metadata.labels]).toEqual(["Running", { a: "1" }]);
    expect(status.spec.activeDeadlineSeconds).toBeUndefined();
    const finished = { metadata: { labels: { a: "2" } }, spec, status: { phase: "Failed" } };
    const plain = await current().patch(pods, podKey("a"), { type: "merge", patch: finished });
    expect([plain.status.phase, plain.metadata.labels]).toEqual(["Running", { a: "2" }]);
    expect(plain.spec.activeDeadlineSeconds).toBe(5);
  });

  it("does not raise the version when a patch changes nothing", async () => {
    const pod = await createPod(current(), "a", { labels: { app: "x" } });
    const patch = { metadata: { labels: { app: "x", none: null } } };
    expect(await current().patch(pods, podKey("a"), { type: "merge", patch })).toEqual(pod);
    expect(await current().patch(pods, podKey("a"), { type: "strategic", patch: {} })).toEqual(pod);
    expect(await current().patch(pods, podKey("a"), { type: "json", operations: [] })).toEqual(pod);
  });

  it("takes a version in a patch for a lock, and needs none", async () => {
    const { metadata } = await createPod(current(), "a");
    const locked = (resourceVersion: string, a: string) =>
      current().patch(pods, podKey("a"), {
        type: "merge",
        patch: { metadata: { resourceVersion, labels: { a } } },
      });
    await locked(metadata.resourceVersion, "1");
    expect((await failure(locked(metadata.resourceVersion, "2"))).reason).toBe("Conflict");
    const free = Array.from({ length: 10 }, (_, index) =>
      current().patch(pods, podKey("a"), {
        type: "merge",
        patch: { metadata: { labels: { [`l${index}`]: "x" } } },
      }),
    );
    await Promise.all(free);
    const { labels } = (await current().get(pods, podKey("a"))).metadata;
    expect(Object.keys(labels ?? {})).toHaveLength(11);
  });

  it("refuses a patch of what is not there, another name, and what leaves no valid object", async () => {
    const none = current().patch(pods, podKey("none"), { type: "merge", patch: {} });
    expect(await refusal(none)).toEqual(["NotFound", 'pods "none" not found']);
    await createPod(current(), "a");
    const rename = { metadata: { name: "b" } };
    const renamed = current().patch(pods, podKey("a"), { type: "merge", patch: rename });
    expect((await failure(renamed)).reason).toBe("BadRequest");
    for (const patch of [{ metadata: null }, { metadata: 1 }, { spec: [] }, { spec: { containers: {} } }]) {
      const broken = current().patch(pods, podKey("a"), { type: "merge", patch });
      expect((await failure(broken)).code, JSON.stringify(patch)).toBeLessThan(500);
    }
    const gone = current().patch(pods, podKey("a"), {
      type: "json",
      operations: [{ op: "remove", path: "/metadata" }],
    });
    expect((await failure(gone)).code).toBeLessThan(500);
  });

  it("stores nothing in a dry run of a patch", async () => {
    const pod = await createPod(current(), "a");
    const patch = { metadata: { labels: { a: "1" } } };
    const shown = await current().patch(pods, podKey("a"), { type: "merge", patch }, { dryRun: true });
    expect(shown.metadata.labels).toEqual({ a: "1" });
    expect(await current().get(pods, podKey("a"))).toEqual(pod);
  });
}
