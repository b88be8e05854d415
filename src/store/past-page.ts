import type { Change, StoredPage, StoredRecord } from "./store.ts";

/**
 * A page of a list as it was before some changes.
 * @param since all changes since then under the list's prefix, oldest first
 * @param live the page as it is now, longer than `limit` by as many records as there are changes
 */
export function pageBefore(
  since: readonly Change[],
  live: StoredPage,
  after: string | undefined,
  limit: number,
): StoredPage {
  const past = new Map<string, StoredRecord | undefined>();
  for (const { key, before, beforeRevision } of since) {
    if (past.has(key) || (after !== undefined && key <= after)) continue;
    past.set(key, before && { key, value: before, revision: beforeRevision });
  }
  const records = live.records.filter(({ key }) => !past.has(key));
  for (const record of past.values()) if (record !== undefined) records.push(record);
  records.sort((a, b) => (a.key < b.key ? -1 : 1));
  return { records: records.slice(0, limit), more: live.more || records.length > limit };
}
