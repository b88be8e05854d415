import { encodeObject } from "../api/encoding.ts";
import type { StoredRecord, StoredValue } from "./store.ts";

/** How records are written. A newer program may read older formats; an older one refuses a newer format. */
export const FORMAT = 1;

/** A record's value on disk: `{"format":1,"revision":42,"value":{…}}`. */
export function wrap(revision: number, value: StoredValue): Buffer {
  const head = `{"format":${FORMAT},"revision":${revision},"value":`;
  const json = encodeObject(value);
  const bytes = Buffer.allocUnsafe(head.length + json.length + 1);
  bytes.write(head, 0, "latin1");
  json.copy(bytes, head.length);
  bytes[bytes.length - 1] = 0x7d;
  return bytes;
}

/** @throws Error that names the record when it is not what `wrap` wrote. */
export function unwrap(key: string, bytes: Uint8Array): StoredRecord {
  try {
    const envelope: unknown = JSON.parse(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(),
    );
    const { revision, value } = envelope as Partial<StoredRecord>;
    if (Number.isSafeInteger(revision) && typeof value === "object" && value !== null) {
      return { key, value, revision: revision as number };
    }
  } catch {
    // Told below.
  }
  throw new Error(`the stored record ${key} is damaged`);
}
