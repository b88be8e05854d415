import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Database, open, type RootDatabase } from "lmdb";
import { FORMAT, unwrap } from "./envelope.ts";
import type { StoredRecord } from "./store.ts";

/** One LMDB environment with a database of records and one of facts about the store. */
export interface LmdbFile {
  readonly environment: RootDatabase;
  readonly records: Database<Uint8Array, string>;
  /** StoreMeta under one key, what the store's owner wants kept under another. */
  readonly meta: Database<unknown, string>;
}

/** The facts, under the key `store`. */
export interface StoreMeta {
  readonly format: number;
  /** No revision beyond it was ever given out. */
  readonly reservedRevision: number;
}

export const META_KEY = "store";
export const KEPT_KEY = "kept";
const FILE_NAME = "store.mdb";

/**
 * Opens the file, made if it is not there.
 * @throws Error with a sentence for people when the directory cannot be used or the format is too new.
 */
export async function openFile(directory: string): Promise<LmdbFile> {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    // A write is acknowledged when its transaction is synced to disk, so the overlapping sync (which acknowledges
    // before) is off; there is one promise per write then, and power loss takes nothing that was acknowledged.
    // The batches that lmdb makes of event turns have a promise that nobody is given and nobody could handle: every
    // commit here is one explicit batch instead.
    const environment = open({
      path: join(directory, FILE_NAME),
      overlappingSync: false,
      eventTurnBatching: false,
      maxDbs: 4,
    });
    const records = environment.openDB<Uint8Array, string>({ name: "records", encoding: "binary" });
    const meta = environment.openDB<unknown, string>({ name: "meta", encoding: "json" });
    return { environment, records, meta };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`cannot open the store in ${directory}: ${reason}`, { cause: error });
  }
}

/** What the file holds. @throws Error when a newer program wrote it or a record is damaged */
export function readFile(
  { records, meta }: LmdbFile,
  directory: string,
): { readonly revision: number; readonly records: readonly StoredRecord[] } {
  const facts = meta.get(META_KEY) as StoreMeta | undefined;
  if (facts !== undefined && facts.format > FORMAT) {
    throw new Error(
      `the store in ${directory} was written by a newer kubesim (format ${facts.format}, this one reads up to ` +
        `${FORMAT}): use that version or another state directory`,
    );
  }
  const loaded: StoredRecord[] = [];
  let revision = facts?.reservedRevision ?? 0;
  for (const { key, value } of records.getRange({})) {
    const record = unwrap(key, value);
    revision = Math.max(revision, record.revision);
    loaded.push(record);
  }
  return { revision, records: loaded };
}

/** Lets a promise fail unheard: somebody else is told of the same failure. */
export function quiet(promise: PromiseLike<unknown>): void {
  promise.then(undefined, () => undefined);
}
