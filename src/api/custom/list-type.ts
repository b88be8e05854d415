import { deepEqual } from "../deep-equal.ts";
import { duplicateValue } from "../field-errors.ts";
import { isFields } from "../patch/own-data.ts";
import type { Check } from "./check.ts";
import { type JsonSchema, propertyOf } from "./json-schema.ts";

/** Items of lists of type `set` and `map` must differ: as a whole, or in their keys. */
export function listTypeRule(schema: JsonSchema): readonly Check[] {
  const type = schema["x-kubernetes-list-type"];
  if (type === "set") return [unique((item) => item)];
  if (type !== "map") return [];
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  const items = schema.items ?? {};
  return [
    unique((item) => {
      if (!isFields(item)) return item;
      const named = keys.map((key) => [key, item[key] ?? propertyOf(items, key)?.default] as const);
      return Object.fromEntries(named.filter(([, value]) => value !== undefined));
    }),
  ];
}

function unique(keyOf: (item: unknown) => unknown): Check {
  return (value, report) => {
    if (!Array.isArray(value)) return;
    const seen = new Map<string, unknown[]>();
    for (let index = 0; index < value.length; index++) {
      const key = keyOf(value[index]);
      // Objects that say the same may have their fields in another order, so their text only sorts them roughly.
      const rough = typeof key === "object" ? sortedKeys(key) : JSON.stringify(key);
      const others = seen.get(rough) ?? [];
      if (others.some((other) => deepEqual(other, key))) report.add(duplicateValue(report.place(index), key));
      else seen.set(rough, [...others, key]);
    }
  };
}

function sortedKeys(value: unknown): string {
  return isFields(value)
    ? JSON.stringify(
        Object.keys(value)
          .sort()
          .map((key) => [key, typeof value[key] === "object" ? "" : value[key]]),
      )
    : JSON.stringify(value);
}
