import { readIfThere, writePrivateFile } from "./private-files.ts";
import type { ProcessIdentity } from "./process-identity.ts";
import type { StateDirectory } from "./state-directory.ts";

/** How a server keeps its objects. */
export type StoreKind = "lmdb" | "memory";

/** What a server says of itself in server.json once it listens; kept after its end for the next one. */
export interface ServerRecord {
  readonly pid: number;
  /** The system's word for when that process started: a pid may be given to another one. */
  readonly processStart: string;
  readonly port: number;
  readonly url: string;
  readonly store: StoreKind;
  /** Where an LMDB store is; null for memory. */
  readonly dataDirectory: string | null;
  /** kubesim's version. */
  readonly version: string;
  /** RFC 3339. */
  readonly startedAt: string;
  /** RFC 3339; absent while it runs and when it was killed. */
  readonly stoppedAt?: string;
}

/** The process of a record. */
export function processOf(record: ServerRecord): ProcessIdentity {
  return { pid: record.pid, startedAt: record.processStart };
}

/** The last record, or undefined when there is none (or none that can be read: it only saves time). */
export async function readRecord(directory: StateDirectory): Promise<ServerRecord | undefined> {
  const text = await readIfThere(directory.record);
  if (text === undefined) return undefined;
  try {
    const record = JSON.parse(text) as ServerRecord;
    return isRecord(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces the record. */
export async function writeRecord(directory: StateDirectory, record: ServerRecord): Promise<void> {
  const text = `${JSON.stringify(record, null, 2)}\n`;
  await writePrivateFile(directory.record, text, { flushed: false });
}

function isRecord(value: Partial<ServerRecord> | null): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    Number.isSafeInteger(value.pid) &&
    Number.isSafeInteger(value.port) &&
    typeof value.processStart === "string" &&
    typeof value.url === "string"
  );
}
