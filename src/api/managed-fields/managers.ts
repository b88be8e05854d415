import { deepEqual } from "../deep-equal.ts";
import { type KubeObject, timestamp } from "../meta.ts";
import { type FieldNode, isEmpty, LEAF, parseFieldSet, sorted, union } from "./field-set.ts";

/** metav1.ManagedFieldsEntry: who owns which fields of an object. */
export interface ManagedFieldsEntry {
  readonly manager?: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion?: string;
  readonly time?: string;
  readonly fieldsType: "FieldsV1";
  readonly fieldsV1: FieldNode;
  readonly subresource?: string;
}

export type Entries = readonly ManagedFieldsEntry[];

/** Who writes: entries of one writer and operation are one. */
export interface Writer {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource?: string;
}

/** Update entries beyond this are joined, the oldest first, as kube-apiserver does. */
const UPDATE_MANAGERS_MAX = 10;
const ANCIENT = "ancient-changes";

/** The managers of an object while a write is decided. */
export class Managers {
  readonly #entries: ManagedFieldsEntry[];

  constructor(entries: Entries) {
    this.#entries = entries.filter((entry) => !isEmpty(entry.fieldsV1));
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** What a writer owns, the empty set when nothing. */
  fieldsOf(writer: Writer): FieldNode {
    return this.#entries.find((entry) => isOf(entry, writer))?.fieldsV1 ?? LEAF;
  }

  /** What all managers own together. */
  all(): FieldNode {
    return this.#entries.reduce((fields, entry) => union(fields, entry.fieldsV1), LEAF);
  }

  others(writer: Writer): Entries {
    return this.#entries.filter((entry) => !isOf(entry, writer));
  }

  /** Says what a writer owns from now on. Its time is the present only when that is something else than before. */
  set(writer: Writer, fields: FieldNode, now: number): void {
    const index = this.#entries.findIndex((entry) => isOf(entry, writer));
    const { manager, operation, apiVersion, subresource } = writer;
    const before = this.#entries[index];
    if (before !== undefined && before.apiVersion === apiVersion && deepEqual(before.fieldsV1, fields))
      return;
    const entry: ManagedFieldsEntry = {
      manager,
      operation,
      apiVersion,
      time: timestamp(now),
      fieldsType: "FieldsV1",
      fieldsV1: sorted(fields),
      ...(subresource !== undefined && { subresource }),
    };
    if (before !== undefined) this.#entries.splice(index, 1);
    if (!isEmpty(fields)) this.#entries.push(entry);
  }

  /** Changes what the managers but one own. */
  changeOthers(writer: Writer, change: (fields: FieldNode) => FieldNode): void {
    for (let index = this.#entries.length - 1; index >= 0; index--) {
      const entry = this.#entries[index] as ManagedFieldsEntry;
      if (isOf(entry, writer)) continue;
      const fieldsV1 = change(entry.fieldsV1);
      if (fieldsV1 === entry.fieldsV1) continue;
      if (isEmpty(fieldsV1)) this.#entries.splice(index, 1);
      else this.#entries[index] = { ...entry, fieldsV1 };
    }
  }

  /** As `metadata.managedFields` has them: in Kubernetes' order, undefined when there are none. */
  toEntries(): Entries | undefined {
    this.#joinAncient();
    return this.#entries.length === 0 ? undefined : this.#entries.sort(byOrder);
  }

  #joinAncient(): void {
    const updates = this.#entries.filter((entry) => entry.operation === "Update").sort(byOrder);
    const tooMany = updates.length - UPDATE_MANAGERS_MAX;
    if (tooMany <= 0) return;
    const joined = new Map<string, ManagedFieldsEntry>();
    for (const entry of updates.slice(0, tooMany + 1)) {
      const version = entry.apiVersion ?? "";
      const { subresource: _subresource, ...plain } = entry;
      const fieldsV1 = sorted(union(joined.get(version)?.fieldsV1 ?? LEAF, entry.fieldsV1));
      joined.set(version, { ...plain, manager: ANCIENT, fieldsV1 });
      this.#entries.splice(this.#entries.indexOf(entry), 1);
    }
    this.#entries.push(...joined.values());
  }
}

/** An applier has one entry whatever version it applied; an updater has one for each. */
function isOf(entry: ManagedFieldsEntry, { manager, operation, apiVersion, subresource }: Writer): boolean {
  return (
    entry.manager === manager &&
    entry.operation === operation &&
    entry.subresource === subresource &&
    (operation === "Apply" || entry.apiVersion === apiVersion)
  );
}

function byOrder(left: ManagedFieldsEntry, right: ManagedFieldsEntry): number {
  return (
    inOrder(left.operation, right.operation) ||
    inOrder(left.time ?? "", right.time ?? "") ||
    inOrder(left.manager ?? "", right.manager ?? "") ||
    inOrder(left.apiVersion ?? "", right.apiVersion ?? "") ||
    inOrder(left.subresource ?? "", right.subresource ?? "")
  );
}

function inOrder(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

/** The entries of a stored object, which were checked when they were written. */
export function entriesOf({ metadata }: KubeObject): Entries | undefined {
  return metadata.managedFields as Entries | undefined;
}

/**
 * Reads the `metadata.managedFields` that a client sends; undefined when an entry's fields are none, for then all are
 * left aside. Subresource "" and absent are the same.
 */
export function parseEntries(given: readonly unknown[]): Entries | undefined {
  const entries: ManagedFieldsEntry[] = [];
  for (const each of given) {
    const { fieldsV1, subresource, ...rest } = each as Partial<ManagedFieldsEntry>;
    const fields = parseFieldSet(fieldsV1 ?? LEAF);
    if (fields === undefined) return undefined;
    const through = subresource ? { subresource } : {};
    entries.push({ ...rest, fieldsV1: fields, ...through } as ManagedFieldsEntry);
  }
  return entries;
}
