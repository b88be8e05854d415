import { COMPLETION_INDEX } from "../../api/kinds/job.ts";
import type { Pod } from "../../api/kinds/pod.ts";

/** Reads indexes such as `1,3-5` below a limit. */
export function parseIndexes(text: string | undefined, limit: number): Set<number> {
  const indexes = new Set<number>();
  for (const part of (text ?? "").split(",").filter((piece) => piece !== "")) {
    const [first, last = first] = part.split("-").map(Number) as [number, number?];
    for (let index = first; index <= last && index < limit; index++) indexes.add(index);
  }
  return indexes;
}

/** Writes indexes; three or more in a row as a range. */
export function formatIndexes(indexes: Iterable<number>): string {
  const sorted = [...indexes].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let at = 0; at < sorted.length; ) {
    const first = sorted[at] as number;
    let end = at;
    while (sorted[end + 1] === (sorted[end] as number) + 1) end++;
    const last = sorted[end] as number;
    if (last > first) parts.push(`${first}${last - first > 1 ? "-" : ","}${last}`);
    else parts.push(String(first));
    at = end + 1;
  }
  return parts.join(",");
}

/** The index of a pod of an indexed Job; undefined when it has none. */
export function indexOf({ metadata }: Pod): number | undefined {
  const text = metadata.annotations?.[COMPLETION_INDEX] ?? "";
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** The lowest indexes, `count` at most, that are neither done nor being worked on. */
export function missingIndexes(
  completions: number,
  taken: ReadonlySet<number>,
  count: number,
): readonly number[] {
  const missing: number[] = [];
  for (let index = 0; index < completions && missing.length < count; index++) {
    if (!taken.has(index)) missing.push(index);
  }
  return missing;
}
