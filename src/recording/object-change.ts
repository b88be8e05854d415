import type { ObjectChange } from "./line.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Nothing is decided by who wrote which field. */
const LEFT_OUT = "metadata.managedFields";

/** What became of an object. Parts that both versions share are the same, by identity, and are left out. */
export function objectChange(
  key: string,
  before: object | undefined,
  after: object | undefined,
): ObjectChange {
  if (after === undefined) return { key };
  if (before === undefined) return { key, value: withoutManagers(after) };
  const set: Record<string, unknown> = {};
  const unset: string[] = [];
  compare(before as Fields, after as Fields, "", (path, value) => {
    if (path === LEFT_OUT) return;
    if (value === undefined) unset.push(path);
    else set[path] = value;
  });
  return { key, set, ...(unset.length > 0 && { unset }) };
}

/** The object after the change; undefined when it is gone. It shares with `before` what did not change. */
export function afterChange(before: object | undefined, change: ObjectChange): object | undefined {
  const { value, set, unset = [] } = change;
  if (set === undefined) return value as object | undefined;
  const after: Record<string, unknown> = { ...before };
  const write = (path: string, part: unknown) => {
    const dot = path.indexOf(".");
    const field = dot < 0 ? path : path.slice(0, dot);
    if (dot < 0) put(after, field, part);
    else {
      // Every path of a field finds the copy that the first one made.
      if (after[field] === (before as Fields | undefined)?.[field])
        after[field] = { ...(after[field] as object) };
      put(after[field] as Record<string, unknown>, path.slice(dot + 1), part);
    }
  };
  for (const [path, part] of Object.entries(set)) write(path, part);
  for (const path of unset) write(path, undefined);
  return after;
}

/** Tells what differs, one level down or two. */
function compare(
  before: Fields,
  after: Fields,
  prefix: string,
  differs: (path: string, value: unknown) => void,
): void {
  for (const field of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[field], after[field]];
    if (was === is) continue;
    if (prefix === "" && isFields(was) && isFields(is)) compare(was, is, `${field}.`, differs);
    else differs(`${prefix}${field}`, is);
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function put(object: Record<string, unknown>, field: string, value: unknown): void {
  if (value === undefined) delete object[field];
  else object[field] = value;
}

function withoutManagers(value: object): object {
  const { metadata, ...rest } = value as { readonly metadata: { readonly managedFields?: unknown } };
  const { managedFields: _, ...kept } = metadata;
  return { ...rest, metadata: kept };
}
