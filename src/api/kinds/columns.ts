import { formatAge } from "../../lib/duration.ts";
import type { Column } from "../kind.ts";
import type { KubeObject } from "../meta.ts";

/** What stands in a cell that has nothing to show. */
export const NONE = "<none>";

export const NAME: Column = {
  name: "Name",
  type: "string",
  format: "name",
  description: "Name, unique among objects of its kind in its namespace.",
  priority: 0,
  cell: (object) => object.metadata.name,
};

export const AGE: Column = {
  name: "Age",
  type: "string",
  description: "Time since the object was created.",
  priority: 0,
  cell: (object, now) => ageOf(object.metadata.creationTimestamp, now),
};

/** A column of text; `cell` may give an empty text, which is shown as it is. */
export function textColumn<T extends KubeObject>(
  name: string,
  description: string,
  cell: (object: T, now: number) => string,
  priority: 0 | 1 = 0,
): Column<T> {
  return { name, type: "string", description, priority, cell };
}

/** Time since an RFC 3339 timestamp as kubectl writes it; `<unknown>` when there is none. */
export function ageOf(timestamp: string | null | undefined, now: number): string {
  const since = timestamp ? Date.parse(timestamp) : Number.NaN;
  return Number.isNaN(since) ? "<unknown>" : formatAge(now - since);
}
