import { deepEqual } from "../deep-equal.ts";
import type { KubeObject } from "../meta.ts";

/**
 * Whether the part of an object at a path says what it said before. What was stored under an older schema may break
 * the new one: a write that does not touch it is not refused for it (Kubernetes' validation ratcheting).
 */
export function unchangedSince(
  old: KubeObject,
  object: KubeObject,
  path: readonly (string | number)[],
): boolean {
  const before = at(old, path);
  return before !== undefined && deepEqual(before, at(object, path));
}

function at(object: KubeObject, path: readonly (string | number)[]): unknown {
  let value: unknown = object;
  for (const part of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[part];
  }
  return value;
}
