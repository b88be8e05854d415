import { type Fields, isFields } from "./own-data.ts";

/** The JSON merge patch (RFC 7386) that makes one object of the other; undefined when they are the same. */
export function mergeDiff(before: unknown, after: unknown): unknown {
  if (before === after) return undefined;
  if (!isFields(before) || !isFields(after)) {
    return JSON.stringify(before) === JSON.stringify(after) ? undefined : after;
  }
  const patch: Record<string, unknown> = {};
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) patch[key] = null;
  for (const [key, value] of Object.entries(after as Fields)) {
    const difference = Object.hasOwn(before, key) ? mergeDiff(before[key], value) : value;
    if (difference !== undefined) patch[key] = difference;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}
