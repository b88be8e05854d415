import type { Kind } from "../api/kind.ts";
import type { KubeObject } from "../api/meta.ts";
import type { ListOptions, ObjectList } from "../api/objects.ts";
import { decodeContinue, encodeContinue } from "./continue-token.ts";
import { recordKey, selectionPrefix } from "./keys.ts";
import { type CompiledSelection, compileSelection } from "./selection.ts";
import type { Store, StoredRecord } from "./store.ts";

/** Records read at a time while looking for matches of a selector. */
const SCAN_PAGE = 1_000;

interface Found {
  readonly records: readonly StoredRecord[];
  readonly more: boolean;
}

/** Answers one list call, a page of it when `limit` says so. Objects come as they are stored. */
export function listObjects<T extends KubeObject>(
  store: Store,
  kind: Kind<T>,
  options: ListOptions,
): ObjectList<T> {
  const selection = compileSelection(kind, options);
  const prefix = selectionPrefix(kind, selection.namespace);
  const token =
    options.continue === undefined || options.continue === ""
      ? undefined
      : decodeContinue(options.continue, prefix, store.oldestRevision);
  const limit = options.limit !== undefined && options.limit > 0 ? options.limit : undefined;
  const { records, more } = find(store, kind, prefix, selection, token?.after, limit);
  const revision = token?.revision ?? store.revision;
  const list = {
    resourceVersion: String(revision),
    items: records.map((record) => record.value as T),
  };
  if (!more) return list;
  const served = (token?.served ?? 0) + records.length;
  const after = records[records.length - 1]?.key ?? prefix;
  const remaining = selection.matches === undefined ? Math.max(1, store.count(prefix) - served) : undefined;
  return {
    ...list,
    continue: encodeContinue({ revision, after, served }),
    ...(remaining !== undefined && { remainingItemCount: remaining }),
  };
}

function find<T extends KubeObject>(
  store: Store,
  kind: Kind<T>,
  prefix: string,
  selection: CompiledSelection<T>,
  after: string | undefined,
  limit: number | undefined,
): Found {
  const { matches } = selection;
  if (matches === undefined) {
    return store.list(prefix, {
      ...(after !== undefined && { after }),
      ...(limit !== undefined && { limit }),
    });
  }
  const only = keyOfOnlyMatch(kind, selection);
  if (only !== undefined) {
    const record = store.get(only);
    const isMatch =
      record !== undefined && matches(record.value as T) && (after === undefined || only > after);
    return { records: isMatch ? [record] : [], more: false };
  }
  return scan(store, prefix, matches as (object: object) => boolean, after, limit);
}

function keyOfOnlyMatch<T extends KubeObject>(
  kind: Kind<T>,
  { name, namespace }: CompiledSelection<T>,
): string | undefined {
  if (name === undefined) return undefined;
  if (!kind.namespaced) return recordKey(kind, { name });
  return namespace === undefined ? undefined : recordKey(kind, { namespace, name });
}

/** Goes on until there is one match more than asked for, so that `more` is true only if there is more. */
function scan(
  store: Store,
  prefix: string,
  matches: (object: object) => boolean,
  start: string | undefined,
  limit = Number.POSITIVE_INFINITY,
): Found {
  const records: StoredRecord[] = [];
  let after = start;
  for (;;) {
    const page = store.list(prefix, {
      ...(after !== undefined && { after }),
      ...(limit !== Number.POSITIVE_INFINITY && { limit: SCAN_PAGE }),
    });
    for (const record of page.records) {
      if (!matches(record.value)) continue;
      if (records.length >= limit) return { records, more: true };
      records.push(record);
    }
    after = page.records[page.records.length - 1]?.key;
    if (!page.more || after === undefined) return { records, more: false };
  }
}
