import { describe, expect, it } from "vitest";
import { readManifests } from "./manifests.ts";

const read = (text: string) => readManifests("m.yaml", text, "dev");

describe("readManifests", () => {
  it("reads many documents, Lists, JSON, each object with its line; sets the namespace where none is given", () => {
    const text = `apiVersion: v1
kind: Pod
metadata: {name: a}
---
# only a comment
---
{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"b","namespace":"x"}},
 {"apiVersion":"v1","kind":"Node","metadata":{"name":"n"}}]}
`;
    const loaded = read(text).map(({ kind, draft, line }) => [kind.kind, draft.metadata, line]);
    expect(loaded).toEqual([
      ["Pod", { name: "a", namespace: "dev" }, 1],
      ["Pod", { name: "b", namespace: "x" }, 7],
      ["Node", { name: "n" }, 8],
    ]);
  });

  it.each([
    ["a: [1\n", /^m\.yaml:\d+:\d+: /],
    ["a: 1\na: 2\n", /m\.yaml:2:1: Map keys must be unique/],
    ["just text\n", /m\.yaml:1:1: is not a Kubernetes object/],
    ["metadata: {name: a}\n", /m\.yaml:1:1: has no kind/],
    ["kind: Pod\nmetadata: {name: a}\n", /m\.yaml:1:1: has no apiVersion/],
    ["apiVersion: v1\nkind: Pod\n", /m\.yaml:1:1: Pod has no metadata\.name/],
    [
      "apiVersion: apps/v1\nkind: Deploymint\nmetadata: {name: a}\n",
      /kubesim has no kind Deploymint in apps\/v1/,
    ],
  ])("of %j says where it is wrong", (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it("an alias bomb is refused", () => {
    const bomb = ["a: &a [x,x,x,x,x,x,x,x,x]"];
    for (const [index, name] of ["b", "c", "d", "e", "f"].entries()) {
      const before = "abcdef"[index];
      bomb.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(",")}]`);
    }
    expect(() => read(bomb.join("\n"))).toThrow(/m\.yaml:1:1: .*alias/i);
  });

  it("__proto__ stays a plain field", () => {
    const [loaded] = read(
      '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"__proto__":{"polluted":true}}',
    );
    expect(Object.getPrototypeOf(loaded?.draft)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
