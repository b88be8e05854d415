import type { Kind } from "./kind.ts";
import { events } from "./kinds/event.ts";

/**
 * Whether a cluster's state is in objects of this kind: they are stored, not answered by the server itself, and they
 * are no Events, by which nothing is decided.
 */
export function holdsState({ readOnly, alwaysThere, schema }: Kind): boolean {
  return readOnly !== true && alwaysThere !== true && schema !== events.schema;
}
