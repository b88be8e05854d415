import { afterEach, describe, expect, it } from "vitest";
import type { KubeObject } from "../meta.ts";
import type { Patch as AnyPatch, ApplyPatch } from "../objects.ts";
import { applyPatch } from "./apply.ts";

type Patch = Exclude<AnyPatch, ApplyPatch>;

const KIND = { schema: "io.k8s.api.core.v1.Pod" };
const OBJECT = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "a", uid: "u", resourceVersion: "1", creationTimestamp: "", labels: { app: "x" } },
  spec: { containers: [{ name: "main", image: "busybox" }] },
} satisfies KubeObject & { spec: unknown };

/** As they come off the wire: JSON.parse makes `__proto__` an own key. */
const OBJECTS = [
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"metadata":{"__proto__":{"polluted":true}}}',
  '{"metadata":{"labels":{"__proto__":{"polluted":true}}}}',
  '{"metadata":{"labels":{"__proto__":"polluted"}}}',
  '{"metadata":{"labels":{"constructor":{"prototype":{"polluted":true}}}}}',
  '{"metadata":{"annotations":{"__proto__":{"polluted":true},"a":"b"}}}',
  '{"spec":{"__proto__":{"__proto__":{"polluted":true}}}}',
  '{"spec":{"containers":[{"name":"main","__proto__":{"polluted":true}}]}}',
  '{"spec":{"containers":[{"name":"new","__proto__":{"polluted":true}}]}}',
  '{"spec":{"containers":[{"name":"__proto__","image":"x"}]}}',
  '{"spec":{"new":[[{"__proto__":{"polluted":true}}]]}}',
  '{"spec":{"toString":{"__proto__":{"polluted":true}}}}',
  '{"new":{"__proto__":{"polluted":true}}}',
  '{"new":{"constructor":{"prototype":{"polluted":true}}}}',
  '{"$patch":"merge","__proto__":{"polluted":true}}',
] as const;

const OPERATIONS = [
  '[{"op":"add","path":"/__proto__","value":{"polluted":true}}]',
  '[{"op":"add","path":"/__proto__/polluted","value":true}]',
  '[{"op":"replace","path":"/__proto__/polluted","value":true}]',
  '[{"op":"add","path":"/constructor/prototype/polluted","value":true}]',
  '[{"op":"add","path":"/metadata/constructor/prototype/polluted","value":true}]',
  '[{"op":"add","path":"/metadata/labels/__proto__/polluted","value":true}]',
  '[{"op":"add","path":"/metadata/labels/toString/polluted","value":true}]',
  '[{"op":"copy","from":"/metadata","path":"/__proto__"}]',
  '[{"op":"move","from":"/metadata","path":"/metadata/__proto__/polluted"}]',
  '[{"op":"add","path":"/new","value":{"__proto__":{"polluted":true}}}]',
  '[{"op":"add","path":"/new","value":[{"a":[{"__proto__":{"polluted":true}}]}]}]',
  '[{"op":"remove","path":"/constructor"}]',
  '[{"op":"test","path":"/__proto__","value":{}}]',
  '[{"op":"add","path":"","value":{"metadata":{"__proto__":{"polluted":true}}}}]',
] as const;

const STRATEGIC = [
  '{"$setElementOrder/__proto__":[{"polluted":true}]}',
  '{"metadata":{"$deleteFromPrimitiveList/__proto__":["polluted"]}}',
  '{"metadata":{"$patch":"replace","__proto__":{"polluted":true}}}',
  '{"spec":{"containers":[{"$patch":"replace"},{"name":"x","__proto__":{"polluted":true}}]}}',
  '{"metadata":{"labels":{"$retainKeys":["app","__proto__"],"__proto__":{"polluted":true}}}}',
] as const;

const PATCHES: readonly Patch[] = [
  ...OBJECTS.flatMap((text): Patch[] => [
    { type: "merge", patch: JSON.parse(text) as Record<string, unknown> },
    { type: "strategic", patch: JSON.parse(text) as Record<string, unknown> },
  ]),
  ...OPERATIONS.map((text): Patch => ({ type: "json", operations: JSON.parse(text) })),
  ...STRATEGIC.map((text): Patch => ({ type: "strategic", patch: JSON.parse(text) })),
];

describe("no patch pollutes what it is applied to, or anything else:", () => {
  const clean = Reflect.ownKeys(Object.prototype);

  afterEach(() => {
    Reflect.deleteProperty(Object.prototype, "polluted");
  });

  it.each(PATCHES.map((patch) => [patch.type, JSON.stringify(patch), patch] as const))(
    "%s %s",
    (_, text, patch) => {
      const before = JSON.stringify(OBJECT);
      const result = resultOf(patch);
      expect(Reflect.ownKeys(Object.prototype), text).toEqual(clean);
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      expect(JSON.stringify(OBJECT)).toBe(before);
      expect(prototypesIn(result)).toBe(true);
      expect(String(JSON.stringify(result))).not.toContain('__proto__":{');
    },
  );

  it("covers forty payloads", () => {
    expect(PATCHES.length).toBeGreaterThanOrEqual(40);
  });
});

/** What the patch makes, or nothing when it is refused. */
function resultOf(patch: Patch): unknown {
  try {
    return applyPatch(KIND, OBJECT as KubeObject, patch);
  } catch {
    return undefined;
  }
}

/** True when everything inside is a plain object or list without a `__proto__` key. */
function prototypesIn(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype) return false;
  if (Object.hasOwn(value, "__proto__")) return false;
  return Object.values(value).every(prototypesIn);
}
