import { deepEqual } from "../deep-equal.ts";
import { isFields, ownValue } from "../patch/own-data.ts";
import type { FieldSchema } from "../schema/schema.ts";
import { itemElement, structureOf, valueElement } from "./structure.ts";

type Schema = FieldSchema | undefined;

/** The live value with what is applied: structured-merge-diff's merge. Shares what does not change. */
export function mergeApplied(schema: Schema, live: unknown, applied: unknown): unknown {
  if (applied === undefined || live === applied) return live;
  if (live === undefined || live === null) return applied;
  const structure = structureOf(schema);
  if (structure.divides === "fields" && isFields(live) && isFields(applied)) {
    let merged: Record<string, unknown> | undefined;
    for (const name of Object.keys(applied)) {
      const before = ownValue(live, name);
      const after = mergeApplied(structure.field(name), before, applied[name]);
      if (after === before) continue;
      merged ??= { ...live };
      merged[name] = after;
    }
    return merged ?? live;
  }
  if (structure.divides === "items" && Array.isArray(live) && Array.isArray(applied)) {
    const { keys, item } = structure;
    const merge = (before: unknown, after: unknown) => mergeApplied(item, before, after);
    return mergeLists(live, applied, (each) => itemElement(each, keys, item), merge);
  }
  if (structure.divides === "values" && Array.isArray(live) && Array.isArray(applied)) {
    return mergeLists(live, applied, valueElement, (before) => before);
  }
  return deepEqual(live, applied) ? live : applied;
}

/** In the order of what is applied; items that are only live keep their place between those that are in both. */
function mergeLists(
  live: readonly unknown[],
  applied: readonly unknown[],
  elementOf: (item: unknown) => string,
  merge: (before: unknown, after: unknown) => unknown,
): readonly unknown[] {
  const names = live.map(elementOf);
  const wanted = applied.map(elementOf);
  const isWanted = new Set(wanted);
  const placeOf = new Map(names.map((name, at) => [name, at]));
  const merged: unknown[] = [];
  let next = 0;
  const passLive = () => {
    for (; next < live.length && !isWanted.has(names[next] as string); next++) merged.push(live[next]);
  };
  for (const [index, item] of applied.entries()) {
    const element = wanted[index] as string;
    passLive();
    const at = placeOf.get(element);
    merged.push(at === undefined ? item : merge(live[at], item));
    if (names[next] === element) next++;
  }
  for (; next < live.length; next++) if (!isWanted.has(names[next] as string)) merged.push(live[next]);
  const isSame = merged.length === live.length && merged.every((item, index) => item === live[index]);
  return isSame ? live : merged;
}
