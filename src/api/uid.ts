import type { Random } from "../lib/random.ts";

/**
 * A uid that sorts by creation: RFC 9562 version 8, whose first 48 bits are the store revision of the creation (as
 * version 7 puts the time there) and the rest is random.
 */
export function uidAt(revision: number, random: Random): string {
  const created = revision.toString(16).padStart(12, "0");
  const hex = (digits: number) =>
    random
      .below(16 ** digits)
      .toString(16)
      .padStart(digits, "0");
  const variant = (8 + random.below(4)).toString(16);
  return `${created.slice(0, 8)}-${created.slice(8)}-8${hex(3)}-${variant}${hex(3)}-${hex(6)}${hex(6)}`;
}
