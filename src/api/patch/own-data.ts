/** A JSON object, read only through its own keys. */
export type Fields = Readonly<Record<string, unknown>>;

/** True for what JSON calls an object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of an own key; what an object inherits is never seen. */
export function ownValue(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

/** The one key that must never be assigned: it would change what the object is. */
export const FORBIDDEN_KEY = "__proto__";

/** The same data without any key `__proto__`, at any depth; the very same value when there is none. */
export function withoutForbiddenKeys(value: unknown): unknown {
  if (Array.isArray(value)) return cleanItems(value);
  if (!isFields(value)) return value;
  let clean: Record<string, unknown> | undefined;
  for (const key of Object.keys(value)) {
    const before = value[key];
    const after = key === FORBIDDEN_KEY ? undefined : withoutForbiddenKeys(before);
    if (after === before && key !== FORBIDDEN_KEY) continue;
    clean ??= { ...value };
    if (key === FORBIDDEN_KEY) delete clean[key];
    else clean[key] = after;
  }
  return clean ?? value;
}

function cleanItems(items: readonly unknown[]): readonly unknown[] {
  let clean: unknown[] | undefined;
  for (let index = 0; index < items.length; index++) {
    const after = withoutForbiddenKeys(items[index]);
    if (after === items[index]) continue;
    clean ??= [...items];
    clean[index] = after;
  }
  return clean ?? items;
}
