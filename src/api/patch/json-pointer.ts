import { FORBIDDEN_KEY, isFields } from "./own-data.ts";

/** Why a JSON patch cannot be applied; its message is for the one who sent it. */
export class PatchFault extends Error {}

/** The parts of a JSON pointer (RFC 6901): `/a~1b/0` is `["a/b", "0"]`, the whole document is `[]`. */
export function parsePointer(pointer: string): readonly string[] {
  if (pointer === "") return [];
  if (!pointer.startsWith("/")) throw new PatchFault(`path ${JSON.stringify(pointer)} must start with "/"`);
  const parts = pointer.slice(1).split("/");
  return parts.map((part) => {
    if (/~(?![01])/.test(part))
      throw new PatchFault(`path ${JSON.stringify(pointer)} has a "~" that is no escape`);
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (key === FORBIDDEN_KEY) throw new PatchFault(`path ${JSON.stringify(pointer)} is not allowed`);
    return key;
  });
}

/** What stands at a path. @throws PatchFault when nothing does */
export function valueAt(document: unknown, path: readonly string[]): unknown {
  let value = document;
  for (const key of path) {
    if (Array.isArray(value)) value = value[existingIndex(value, key)];
    else if (isFields(value) && Object.hasOwn(value, key)) value = value[key];
    else throw missing(key);
  }
  return value;
}

/** The document with the value that stands at `path` made anew; everything beside the path is shared. */
export function withChangeAt(
  document: unknown,
  path: readonly string[],
  change: (parent: unknown, key: string) => unknown,
  depth = 0,
): unknown {
  const key = path[depth] as string;
  if (depth === path.length - 1) return change(document, key);
  if (Array.isArray(document)) {
    const index = existingIndex(document, key);
    const copy = [...document];
    copy[index] = withChangeAt(document[index], path, change, depth + 1);
    return copy;
  }
  if (!isFields(document) || !Object.hasOwn(document, key)) throw missing(key);
  return { ...document, [key]: withChangeAt(document[key], path, change, depth + 1) };
}

/** Index of an item that is there. */
export function existingIndex(items: readonly unknown[], key: string): number {
  const index = listIndex(key);
  if (index >= items.length) throw missing(key);
  return index;
}

/** RFC 6901 takes no sign, no leading zero. */
export function listIndex(key: string): number {
  if (!/^(0|[1-9]\d{0,9})$/.test(key)) throw new PatchFault(`${JSON.stringify(key)} is no index of a list`);
  return Number(key);
}

/** The fault of a path that leads nowhere. */
export function missing(key: string): PatchFault {
  return new PatchFault(`there is no ${JSON.stringify(key)} at the path`);
}
