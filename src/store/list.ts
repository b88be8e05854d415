import type { Kind } from "../api/kind.ts";
import type { KubeObject } from "../api/meta.ts";
import type { ListOptions, ObjectList } from "../api/objects.ts";
import { decodeContinue, encodeContinue, NOW } from "./continue-token.ts";
import { recordKey, selectionPrefix } from "./keys.ts";
import { type CompiledSelection, compileSelection } from "./selection.ts";
import type { Store, StoredPage, StoredRecord, StoreListOptions } from "./store.ts";

/** Records read at a time while looking for matches of a selector. */
const SCAN_PAGE = 1_000;

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
  const revision = token === undefined || token.revision === NOW ? store.revision : token.revision;
  const page = { revision, ...(token && { after: token.after }), ...(limit && { limit }) };
  const { records, more } = find(store, kind, prefix, selection, page);
  const list = {
    resourceVersion: String(revision),
    items: records.map((record) => record.value as T),
  };
  if (!more) return list;
  const remaining = Math.max(1, (token?.remaining ?? store.count(prefix)) - records.length);
  const after = records[records.length - 1]?.key ?? prefix;
  return {
    ...list,
    continue: encodeContinue({ revision, after, remaining }),
    ...(selection.matches === undefined && { remainingItemCount: remaining }),
  };
}

function find<T extends KubeObject>(
  store: Store,
  kind: Kind<T>,
  prefix: string,
  selection: CompiledSelection<T>,
  page: StoreListOptions,
): StoredPage {
  const { matches } = selection;
  if (matches === undefined) return store.list(prefix, page);
  const only = page.after === undefined ? keyOfOnlyMatch(kind, selection) : undefined;
  if (only !== undefined) {
    const record = store.get(only);
    const isMatch = record !== undefined && matches(record.value as T);
    return { records: isMatch ? [record] : [], more: false };
  }
  return scan(store, prefix, matches as (object: object) => boolean, page);
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
  { limit = Number.POSITIVE_INFINITY, ...start }: StoreListOptions,
): StoredPage {
  const records: StoredRecord[] = [];
  let options: StoreListOptions = Number.isFinite(limit) ? { ...start, limit: SCAN_PAGE } : start;
  for (;;) {
    const page = store.list(prefix, options);
    for (const record of page.records) {
      if (!matches(record.value)) continue;
      if (records.length >= limit) return { records, more: true };
      records.push(record);
    }
    const last = page.records[page.records.length - 1];
    if (!page.more || last === undefined) return { records, more: false };
    options = { ...options, after: last.key };
  }
}
