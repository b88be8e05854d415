import { deepEqual } from "../deep-equal.ts";
import { type FieldError, invalid } from "../errors.ts";
import { invalidValue } from "../field-errors.ts";
import { apiVersionOf } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { difference, LEAF, union, without } from "./field-set.ts";
import {
  type Entries,
  entriesOf,
  type ManagedFieldsEntry,
  Managers,
  parseEntries,
  type Writer,
} from "./managers.ts";
import { type ManagedKind, ownableParts, rootSchema } from "./ownable.ts";
import { changedFields, removedFields } from "./owned-fields.ts";

/** A write that is no apply. */
export interface TrackedWrite<T extends KubeObject> {
  readonly kind: ManagedKind;
  /** Undefined for a new object. */
  readonly before: T | undefined;
  /** What will be stored, with defaults; its managed fields are those that the writer asks for. */
  readonly after: T;
  /** Undefined: the writer takes no part in the management of fields. */
  readonly manager: string | undefined;
  readonly subresource: "status" | undefined;
  /** The subresource that is named as the one written, where it is another. */
  readonly ownedThrough?: string | undefined;
  readonly now: number;
}

/**
 * The managed fields after a write: the writer owns what it changed, and nobody else does any more. Objects that are
 * not managed stay so until they are applied to. Fields that the writer sends itself replace those that were;
 * `[{}]` takes them away.
 * @throws ApiError Invalid for entries of another form
 */
export function trackWrite<T extends KubeObject>(write: TrackedWrite<T>): Entries | undefined {
  const { kind, before, after, manager, subresource, ownedThrough = subresource, now } = write;
  const old = before === undefined ? undefined : entriesOf(before);
  const given = givenEntries(kind, after, old);
  const managers = new Managers(given ?? old ?? []);
  if (manager !== undefined && !(managers.isEmpty && before !== undefined)) {
    const writer = updaterOf(kind, manager, ownedThrough);
    recordChange(managers, writer, write, now);
  }
  const entries = managers.toEntries();
  return deepEqual(entries, old) ? old : entries;
}

/** The writer of plain writes under a manager's name. */
function updaterOf(kind: ManagedKind, manager: string, subresource: string | undefined): Writer {
  return {
    manager,
    operation: "Update",
    apiVersion: apiVersionOf(kind),
    ...(subresource !== undefined && { subresource }),
  };
}

function recordChange<T extends KubeObject>(
  managers: Managers,
  writer: Writer,
  { kind, before, after, subresource }: TrackedWrite<T>,
  now: number,
): void {
  const schema = rootSchema(kind);
  const oldParts = before === undefined ? {} : ownableParts(kind, before, subresource);
  const newParts = ownableParts(kind, after, subresource);
  const changed = changedFields(schema, oldParts, newParts) ?? LEAF;
  const removed = removedFields(schema, oldParts, newParts) ?? LEAF;
  if (changed === LEAF && removed === LEAF) return;
  managers.set(writer, union(without(managers.fieldsOf(writer), removed), changed), now);
  managers.changeOthers(writer, (fields) => without(difference(fields, changed), removed));
}

/** The managed fields that an object without any has when it is first applied to. */
export function beforeFirstApply(kind: ManagedKind, live: KubeObject, now: number): Managers {
  const managers = new Managers([]);
  const writer = updaterOf(kind, "before-first-apply", undefined);
  recordChange(managers, writer, trackedAsNew(kind, live, now), now);
  return managers;
}

function trackedAsNew(kind: ManagedKind, after: KubeObject, now: number): TrackedWrite<KubeObject> {
  return { kind, before: undefined, after, manager: undefined, subresource: undefined, now };
}

/** What the writer sends, where it sends something of its own; none for a reset. */
function givenEntries(
  kind: ManagedKind,
  { metadata }: KubeObject,
  old: readonly unknown[] | undefined,
): Entries | undefined {
  const { managedFields: given } = metadata;
  if (given === undefined || given.length === 0 || given === old) return undefined;
  if (given.length === 1 && Object.keys(given[0] as object).length === 0) return [];
  const faults = given.flatMap(entryFaults);
  if (faults.length > 0) throw invalid(kind, metadata.name, faults);
  return parseEntries(given);
}

function entryFaults(entry: unknown, index: number): readonly FieldError[] {
  const { operation, fieldsType } = entry as Partial<ManagedFieldsEntry>;
  const field = `metadata.managedFields[${index}]`;
  const faults: FieldError[] = [];
  if (operation !== "Apply" && operation !== "Update") {
    faults.push(invalidValue(`${field}.operation`, operation ?? "", "must be `Apply` or `Update`"));
  }
  if (fieldsType !== undefined && fieldsType !== "FieldsV1") {
    faults.push(invalidValue(`${field}.fieldsType`, fieldsType, "must be `FieldsV1`"));
  }
  return faults;
}
