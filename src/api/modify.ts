import { isReason } from "./errors.ts";
import type { Kind } from "./kind.ts";
import type { KubeObject, ObjectKey } from "./meta.ts";
import type { Objects, UpdateOptions } from "./objects.ts";

/**
 * Reads, changes and writes back, again from the start when somebody else wrote in between.
 * `change` returns the same object to leave it alone. Fails with NotFound when the object is gone.
 */
export async function modify<T extends KubeObject>(
  objects: Objects,
  kind: Kind<T>,
  key: ObjectKey,
  change: (object: T) => T,
  options?: UpdateOptions,
): Promise<T> {
  for (;;) {
    const before = await objects.get(kind, key);
    const after = change(before);
    if (after === before) return before;
    try {
      return await objects.update(kind, after, options);
    } catch (error) {
      if (!isReason(error, "Conflict")) throw error;
    }
  }
}
