import type { StoredValue } from "./store.ts";

/** The value with another version, for values that carry theirs as Kubernetes objects do. */
export function restamp(value: StoredValue, revision: number): StoredValue {
  const { metadata } = value as { readonly metadata?: { readonly resourceVersion?: unknown } };
  if (metadata?.resourceVersion === undefined) return value;
  return { ...value, metadata: { ...metadata, resourceVersion: String(revision) } };
}
