import { expect, it } from "vitest";
import { namespaces } from "../../src/api/kinds/namespace.ts";
import { pods } from "../../src/api/kinds/pod.ts";
import type { ListOptions, Objects } from "../../src/api/objects.ts";
import type { ObjectsFactory } from "./objects.ts";
import { createPod, failure, podKey } from "./objects-under-test.ts";

/** Lists, pages and selectors. */
export function describeReads(current: () => Objects, create: ObjectsFactory): void {
  describeLists(current);
  describePaging(current, create);
}

function describeLists(current: () => Objects): void {
  it("lists by namespace and name, in all namespaces or one", async () => {
    for (const [namespace, name] of [
      ["kube-system", "b"],
      ["default", "z"],
      ["default", "a"],
    ] as const) {
      await createPod(current(), name, { namespace });
    }
    expect(await names(current(), {})).toEqual(["a", "z", "b"]);
    expect(await names(current(), { namespace: "default" })).toEqual(["a", "z"]);
    expect(await names(current(), { namespace: "nowhere" })).toEqual([]);
  });

  it("reports a version from which a watch misses nothing", async () => {
    const pod = await createPod(current(), "a");
    const list = await current().list(pods);
    expect(Number(list.resourceVersion)).toBeGreaterThanOrEqual(Number(pod.metadata.resourceVersion));
    expect(list.items).toEqual([pod]);
    expect(list.continue).toBeUndefined();
  });

  it("selects by labels", async () => {
    await createPod(current(), "a", { labels: { app: "x", tier: "1" } });
    await createPod(current(), "b", { labels: { app: "y" } });
    await createPod(current(), "c");
    const selectors = { "app=x": "a", "app!=x": "b,c", "app in (x,y),tier": "a", "!app": "c", "app=": "" };
    for (const [labelSelector, expected] of Object.entries(selectors)) {
      expect((await names(current(), { labelSelector })).join(), labelSelector).toBe(expected);
    }
  });

  it("selects by fields", async () => {
    await createPod(current(), "a");
    await createPod(current(), "b");
    const binding = {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { name: "b" },
      target: { kind: "Node", name: "n" },
    };
    await current().act(pods as never, podKey("b"), "binding", binding);
    const selectors = {
      "spec.nodeName=n": "b",
      "spec.nodeName=": "a",
      "metadata.name=a": "a",
      "metadata.name=a,spec.nodeName=n": "",
      "metadata.name!=a": "b",
      "status.phase!=Failed,metadata.namespace=default": "a,b",
      "metadata.name=none": "",
    };
    for (const [fieldSelector, expected] of Object.entries(selectors)) {
      expect((await names(current(), { fieldSelector })).join(), fieldSelector).toBe(expected);
      const namespaced = await names(current(), { fieldSelector, namespace: "default" });
      expect(namespaced.join(), `${fieldSelector} in default`).toBe(expected);
    }
  });

  it("refuses selectors that are none", async () => {
    for (const options of [
      { labelSelector: "a=b=c" },
      { fieldSelector: "spec.unknown=x" },
      { fieldSelector: "x" },
    ]) {
      expect((await failure(current().list(pods, options))).reason, JSON.stringify(options)).toBe(
        "BadRequest",
      );
    }
    const unknown = await failure(current().list(pods, { fieldSelector: "foo=x" }));
    expect(unknown.message).toContain("field label not supported: foo");
  });
}

function describePaging(current: () => Objects, create: ObjectsFactory): void {
  it("hands out the same list in pages of any size", async () => {
    for (let index = 0; index < 7; index++) await createPod(current(), `p-${index}`);
    const whole = await current().list(pods);
    for (const limit of [1, 2, 3, 7, 100]) {
      const paged = await pages(current(), { limit });
      expect(paged.flatMap(({ items }) => items)).toEqual(whole.items);
      expect(paged.every(({ items }) => items.length <= limit)).toBe(true);
      expect(new Set(paged.map(({ resourceVersion }) => resourceVersion)).size).toBe(1);
    }
  });

  it("says how many remain, unless a selector makes that unknown", async () => {
    for (let index = 0; index < 5; index++) await createPod(current(), `p-${index}`, { labels: { a: "x" } });
    const all = await pages(current(), { limit: 2 });
    expect(all.map(({ remainingItemCount }) => remainingItemCount)).toEqual([3, 1, undefined]);
    const selected = await pages(current(), { limit: 2, labelSelector: "a=x" });
    expect(selected.map(({ items }) => items.length)).toEqual([2, 2, 1]);
    expect(selected.map(({ remainingItemCount }) => remainingItemCount)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("shows every page as it was when the first was asked for", async () => {
    for (const name of ["a", "b", "c", "d", "e"]) await createPod(current(), name);
    const whole = await current().list(pods);
    const first = await current().list(pods, { limit: 2 });
    await current().delete(pods, podKey("a"));
    await current().delete(pods, podKey("d"));
    await createPod(current(), "bb");
    await createPod(current(), "f");
    await current().patch(pods, podKey("c"), {
      type: "merge",
      patch: { metadata: { labels: { new: "x" } } },
    });
    const rest = await pages(current(), { limit: 2, continue: first.continue as string });
    expect([...first.items, ...rest.flatMap(({ items }) => items)]).toEqual(whole.items);
    expect(rest.map(({ resourceVersion }) => resourceVersion)).toEqual([
      first.resourceVersion,
      first.resourceVersion,
    ]);
  });

  it("refuses to go on with what is no token, or one that belongs to another list", async () => {
    const { continue: token } = await current().list(namespaces, { limit: 1 });
    for (const wrong of ["x", "W10", "%%%", token as string]) {
      expect((await failure(current().list(pods, { limit: 1, continue: wrong }))).reason).toBe("Expired");
    }
  });

  it("refuses to go on with a list that is too old", async () => {
    const { objects, close } = await create({ historyLimit: 4 });
    for (const name of ["a", "b", "c"]) await createPod(objects, name);
    const { continue: token } = await objects.list(pods, { limit: 1 });
    for (const name of ["d", "e", "f", "g", "h"]) await createPod(objects, name);
    const late = await failure(objects.list(pods, { limit: 1, continue: token as string }));
    expect(late.reason).toBe("Expired");
    expect(late.message).toContain("The provided continue parameter is too old");
    await close();
  });
}

async function names(objects: Objects, options: ListOptions): Promise<string[]> {
  return (await objects.list(pods, options)).items.map(({ metadata }) => metadata.name);
}

async function pages(objects: Objects, options: ListOptions) {
  const found = [await objects.list(pods, options)];
  for (;;) {
    const token = found[found.length - 1]?.continue;
    if (token === undefined) return found;
    found.push(await objects.list(pods, { ...options, continue: token }));
  }
}
