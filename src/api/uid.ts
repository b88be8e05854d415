import type { Random } from "../lib/random.ts";

/**
 * A uid that sorts by creation: RFC 9562 version 8, whose first 48 bits are the store revision of the creation (as
 * version 7 puts the time there) and the rest is random.
 */
export function uidAt(revision: number, random: Random): string {
  const created = hex(revision, 12);
  const variant = (8 + random.below(4)).toString(16);
  const drawn = `8${hex(random.below(0x1000), 3)}-${variant}${hex(random.below(0x1000), 3)}`;
  const node = hex(random.below(0x1000000), 6) + hex(random.below(0x1000000), 6);
  return `${created.slice(0, 8)}-${created.slice(8)}-${drawn}-${node}`;
}

const ZEROS = "000000000000";

/** Of so many digits. Called several times for each object of the cluster, so it is kept short. */
function hex(value: number, digits: number): string {
  const text = value.toString(16);
  return text.length < digits ? ZEROS.slice(text.length, digits) + text : text;
}
