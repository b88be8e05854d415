import { deepEqual } from "../deep-equal.ts";
import { ApiError } from "../errors.ts";
import { type Fields, isFields } from "./own-data.ts";

/** The union of two lists of scalars, less what is deleted, in the order that the patch asks for. */
export function mergeScalarList(
  before: readonly unknown[],
  items: readonly unknown[],
  order: readonly unknown[] | undefined,
  deleted: readonly unknown[] | undefined,
): readonly unknown[] {
  const all = [...new Set([...before, ...items])].filter((item) => deleted?.includes(item) !== true);
  return sameIfEqual(
    before,
    ordered(all, before, order ?? items, (item) => item),
  );
}

/** Merges lists of objects: items with the same key merge, new ones are added. */
export function mergeObjectList(
  before: readonly unknown[],
  items: readonly Fields[],
  order: readonly unknown[] | undefined,
  mergeKey: string,
  merge: (target: Fields | undefined, item: Fields) => Fields,
): readonly unknown[] {
  const merged = [...before];
  for (const item of items) {
    const key = itemKey(item, mergeKey);
    const index = merged.findIndex((candidate) => isFields(candidate) && candidate[mergeKey] === key);
    if (index < 0) merged.push(merge(undefined, item));
    else merged[index] = merge(merged[index] as Fields, item);
  }
  const keyOf = (item: unknown) => (isFields(item) ? item[mergeKey] : undefined);
  return sameIfEqual(before, ordered(merged, before, order ?? items, keyOf));
}

/** @throws ApiError Invalid without the merge key */
export function itemKey(item: Fields, mergeKey: string): unknown {
  if (Object.hasOwn(item, mergeKey)) return item[mergeKey];
  const message = `a list item of the patch does not contain declared merge key: ${mergeKey}`;
  throw new ApiError("Invalid", "the server rejected our request due to an error in our request", {
    causes: [{ reason: "FieldValueRequired", message, field: mergeKey }],
  });
}

/**
 * Puts the items that `order` names in that order, and the others where they stood before relative to them. An item
 * that is new comes before those that the patch does not name, as in k8s.io/apimachinery strategicpatch.
 */
function ordered(
  items: readonly unknown[],
  before: readonly unknown[],
  order: readonly unknown[],
  keyOf: (item: unknown) => unknown,
): readonly unknown[] {
  const wanted = new Map(order.map((item, index) => [keyOf(item), index]));
  const stood = new Map(before.map((item, index) => [keyOf(item), index]));
  const named = items.filter((item) => wanted.has(keyOf(item)));
  named.sort((a, b) => (wanted.get(keyOf(a)) as number) - (wanted.get(keyOf(b)) as number));
  const others = items.filter((item) => !wanted.has(keyOf(item)));
  const result: unknown[] = [];
  let next = 0;
  for (const item of named) {
    const stoodAt = stood.get(keyOf(item)) ?? -1;
    while (next < others.length && (stood.get(keyOf(others[next])) ?? stoodAt) < stoodAt) {
      result.push(others[next++]);
    }
    result.push(item);
  }
  return [...result, ...others.slice(next)];
}

function sameIfEqual(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  return deepEqual(before, after) ? before : after;
}
