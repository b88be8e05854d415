import { fnv32a } from "../lib/fnv.ts";

/** Letters of generated names (k8s.io/apimachinery util/rand): no vowels and nothing that looks like another. */
const LETTERS = "bcdfghjklmnpqrstvwxz2456789";

/**
 * A short name-safe text that stands for a piece of JSON data: the same data, however its keys are ordered, gives the
 * same text. `collisionCount` gives another one when two different ones met.
 */
export function contentHash(value: unknown, collisionCount = 0): string {
  const text = canonical(value) + (collisionCount === 0 ? "" : `#${collisionCount}`);
  return [...String(fnv32a(text))].map((digit) => LETTERS[digit.charCodeAt(0) % LETTERS.length]).join("");
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  fields.sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(",")}}`;
}
