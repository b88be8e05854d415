import type { Kind } from "../api/kind.ts";
import type { KubeObject } from "../api/meta.ts";
import type { Clock } from "../clock/clock.ts";

/** How a stored object of the kind looks to a reader now; undefined when it is shown as it is stored. */
export function presenter<T extends KubeObject>(kind: Kind<T>, clock: Clock): ((stored: T) => T) | undefined {
  const { custom, present } = kind;
  if (custom !== undefined) return (stored) => custom.fromStored(stored);
  return present === undefined ? undefined : (stored) => present(stored, clock.now());
}
