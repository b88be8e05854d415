import { objectType } from "./table.ts";

/** The names of all types that the given ones are made of, in order. */
export function reachable(roots: readonly string[]): string[] {
  const found = new Set<string>();
  const queue = [...roots];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    for (const field of objectType(name)?.fields.values() ?? []) {
      const { ref } = field.items ?? field.values ?? field;
      if (ref !== undefined) queue.push(ref);
    }
  }
  return [...found].sort();
}
