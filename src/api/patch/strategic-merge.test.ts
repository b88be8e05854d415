import { describe, expect, it } from "vitest";
import { ApiError } from "../errors.ts";
import { strategicMerge } from "./strategic-merge.ts";

const POD = "io.k8s.api.core.v1.Pod";
const NODE = "io.k8s.api.core.v1.Node";

function containers(...names: readonly string[]) {
  return { spec: { containers: names.map((name) => ({ name, image: `${name}:1` })) } };
}

function namesAfter(before: readonly string[], patch: object): string[] {
  const merged = strategicMerge(POD, containers(...before), { spec: patch }) as ReturnType<typeof containers>;
  return merged.spec.containers.map(({ name }) => name);
}

describe("strategicMerge of lists of objects", () => {
  it("merges items with the same key and keeps the others", () => {
    const patch = { spec: { containers: [{ name: "b", image: "new" }] } };
    expect(strategicMerge(POD, containers("a", "b"), patch)).toEqual({
      spec: {
        containers: [
          { name: "a", image: "a:1" },
          { name: "b", image: "new" },
        ],
      },
    });
  });

  it("puts a new item before those that the patch does not name", () => {
    expect(namesAfter(["a", "b"], { containers: [{ name: "new" }] })).toEqual(["new", "a", "b"]);
  });

  it("deletes an item, replaces the list, and refuses other directives", () => {
    expect(namesAfter(["a", "b"], { containers: [{ name: "a", $patch: "delete" }] })).toEqual(["b"]);
    const replace = { containers: [{ $patch: "replace" }, { name: "c" }] };
    expect(namesAfter(["a", "b"], replace)).toEqual(["c"]);
    expect(refusal(() => namesAfter(["a"], { containers: [{ name: "a", $patch: "twist" }] }))).toBe(
      "BadRequest",
    );
  });

  it("orders items as $setElementOrder says, alone and with changes", () => {
    const order = (...names: readonly string[]) => ({
      "$setElementOrder/containers": names.map((name) => ({ name })),
    });
    expect(namesAfter(["a", "b", "c"], order("c", "b", "a"))).toEqual(["c", "b", "a"]);
    const added = { ...order("b", "new", "a"), containers: [{ name: "new" }] };
    expect(namesAfter(["a", "b"], added)).toEqual(["b", "new", "a"]);
    expect(namesAfter(["a", "server", "b"], order("b", "a"))).toEqual(["server", "b", "a"]);
    const removed = { ...order("b"), containers: [{ name: "a", $patch: "delete" }] };
    expect(namesAfter(["a", "b"], removed)).toEqual(["b"]);
  });

  it("merges deep inside items by the keys of their own lists", () => {
    const target = { spec: { containers: [{ name: "a", env: [{ name: "X", value: "1" }, { name: "Y" }] }] } };
    const patch = { spec: { containers: [{ name: "a", env: [{ name: "X", value: "2" }] }] } };
    expect(strategicMerge(POD, target, patch)).toEqual({
      spec: { containers: [{ name: "a", env: [{ name: "X", value: "2" }, { name: "Y" }] }] },
    });
    const conditions = [{ type: "Ready", status: "True", reason: "x" }, { type: "Other" }];
    const changed = strategicMerge(
      NODE,
      { status: { conditions } },
      { status: { conditions: [{ type: "Ready", status: "Unknown" }] } },
    );
    expect(changed).toEqual({
      status: { conditions: [{ type: "Ready", status: "Unknown", reason: "x" }, { type: "Other" }] },
    });
  });

  it("refuses an item without the merge key, and lists of lists", () => {
    expect(refusal(() => namesAfter(["a"], { containers: [{ image: "x" }] }))).toBe("Invalid");
    expect(refusal(() => namesAfter(["a"], { containers: [["a"]] }))).toBe("BadRequest");
  });

  it("replaces lists that have no merge key", () => {
    const taints = (...keys: readonly string[]) => ({
      spec: { taints: keys.map((key) => ({ key, effect: "NoSchedule" })) },
    });
    expect(strategicMerge(NODE, taints("a", "b"), taints("c"))).toEqual(taints("c"));
    const withCommand = (command: readonly string[]) => ({ spec: { containers: [{ name: "a", command }] } });
    expect(strategicMerge(POD, withCommand(["x", "y"]), withCommand(["z"]))).toEqual(withCommand(["z"]));
  });
});

describe("strategicMerge of lists of scalars", () => {
  const finalizers = (...list: readonly string[]) => ({ metadata: { finalizers: list } });

  it("unites them, and deletes what $deleteFromPrimitiveList names", () => {
    expect(strategicMerge(POD, finalizers("a", "b"), finalizers("b", "c"))).toEqual(
      finalizers("a", "b", "c"),
    );
    const patch = { metadata: { "$deleteFromPrimitiveList/finalizers": ["a"] } };
    expect(strategicMerge(POD, finalizers("a", "b"), patch)).toEqual(finalizers("b"));
    const both = { metadata: { finalizers: ["c"], "$deleteFromPrimitiveList/finalizers": ["a"] } };
    expect(strategicMerge(POD, finalizers("a", "b"), both)).toEqual(finalizers("c", "b"));
  });

  it("orders them as $setElementOrder says", () => {
    const patch = { metadata: { finalizers: ["c"], "$setElementOrder/finalizers": ["c", "b", "a"] } };
    expect(strategicMerge(POD, finalizers("a", "b"), patch)).toEqual(finalizers("c", "b", "a"));
  });
});

describe("strategicMerge of objects", () => {
  it("merges maps, removes nulls, and shares what does not change", () => {
    const target = { metadata: { labels: { a: "1", b: "2" } }, spec: { containers: [{ name: "a" }] } };
    const merged = strategicMerge(POD, target, {
      metadata: { labels: { a: null, c: "3" } },
    }) as typeof target;
    expect(merged.metadata.labels).toEqual({ b: "2", c: "3" });
    expect(merged.spec).toBe(target.spec);
    expect(strategicMerge(POD, target, { metadata: { labels: { b: "2" } }, spec: { containers: [] } })).toBe(
      target,
    );
    expect(strategicMerge(POD, {}, { metadata: { annotations: { a: null, b: "x" } } })).toEqual({
      metadata: { annotations: { b: "x" } },
    });
  });

  it("obeys $patch replace, delete and merge, and $retainKeys", () => {
    const target = { metadata: { labels: { a: "1", b: "2" } } };
    const labels = (value: object) => strategicMerge(POD, target, { metadata: { labels: value } });
    expect(labels({ $patch: "replace", c: "3" })).toEqual({ metadata: { labels: { c: "3" } } });
    expect(labels({ $patch: "delete" })).toEqual({ metadata: { labels: {} } });
    expect(labels({ $patch: "merge", c: "3" })).toEqual({ metadata: { labels: { a: "1", b: "2", c: "3" } } });
    expect(refusal(() => labels({ $patch: "other" }))).toBe("BadRequest");
    expect(labels({ $retainKeys: ["a", "c"], c: "3" })).toEqual({ metadata: { labels: { a: "1", c: "3" } } });
    expect(refusal(() => labels({ $retainKeys: ["a"], c: "3" }))).toBe("BadRequest");
    expect(refusal(() => labels({ $retainKeys: "a" }))).toBe("BadRequest");
  });

  it("never stores a directive", () => {
    const volume = {
      name: "v",
      $retainKeys: ["name", "emptyDir"],
      emptyDir: { $patch: "replace", medium: "Memory" },
    };
    const merged = strategicMerge(POD, {}, { spec: { volumes: [volume, { name: "w", $patch: "delete" }] } });
    expect(merged).toEqual({ spec: { volumes: [{ name: "v", emptyDir: { medium: "Memory" } }] } });
  });
});

function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof ApiError) return error.reason;
    throw error;
  }
  throw new Error("nothing was refused");
}
