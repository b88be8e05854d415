import { deepEqual } from "../deep-equal.ts";
import { apiVersionOf } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import type { Fields } from "../patch/own-data.ts";
import { applyConflict, type Conflict } from "./conflicts.ts";
import { difference, type FieldNode, intersection, isEmpty, LEAF, without } from "./field-set.ts";
import { fieldsInLastApplied, withLastApplied } from "./last-applied.ts";
import { type Entries, entriesOf, Managers, type Writer } from "./managers.ts";
import { mergeApplied } from "./merge.ts";
import { type ManagedKind, ownableParts, rootSchema, withParts } from "./ownable.ts";
import { changedFields, fieldsOf, removedFields } from "./owned-fields.ts";
import { pruneAbandoned } from "./prune.ts";
import { beforeFirstApply } from "./track.ts";

/** A server-side apply, its configuration checked against the schema (check-applied.ts). */
export interface Application {
  readonly kind: ManagedKind;
  readonly configuration: Fields;
  readonly manager: string;
  readonly force: boolean;
  /** What is written: the status alone, or all but that. */
  readonly subresource: "status" | undefined;
  /** The subresource that managed fields name, if another than the one that is written (`scale`). */
  readonly ownedThrough: string | undefined;
  readonly now: number;
}

export interface Applied<T extends KubeObject> {
  /** The live object with what is applied, before defaults. Shares what does not change. */
  readonly object: T;
  /** For its `metadata.managedFields`; the very list of the live object when nothing changes hands. */
  readonly managedFields: Entries | undefined;
}

/** What an object that an apply creates is owned by. */
export function entriesOfNew(application: Application): Entries | undefined {
  const { kind, configuration, subresource, now } = application;
  const managers = new Managers([]);
  managers.set(applierOf(application), appliedFields(kind, configuration, subresource), now);
  return managers.toEntries();
}

/**
 * Applies a configuration to an object: merges it, takes away what its manager applied before and no longer does,
 * unless somebody else owns it, and says who owns what then. Equal values are owned together.
 * @throws ApiError Conflict when it would change what others own, unless forced
 */
export function applyTo<T extends KubeObject>(live: T, application: Application): Applied<T> {
  const { kind, configuration, subresource, now } = application;
  const schema = rootSchema(kind);
  const entries = entriesOf(live);
  let managers = new Managers(entries ?? []);
  if (managers.isEmpty) managers = beforeFirstApply(kind, live, now);
  const writer = applierOf(application);
  const last = managers.fieldsOf(writer);
  managers.set(writer, appliedFields(kind, configuration, subresource), now);

  const before = ownableParts(kind, live, subresource);
  const merged = mergeApplied(schema, before, ownableParts(kind, configuration, subresource));
  const kept = isEmpty(last) ? merged : pruneAbandoned(schema, merged, last, managers.all());
  const after = withLastApplied(kept as Fields, live, application);
  const changed = changedFields(schema, before, kept) ?? LEAF;
  const removed = removedFields(schema, before, kept) ?? LEAF;
  refuseConflicts(managers.others(writer), changed, live, application);
  if (changed !== LEAF || removed !== LEAF) {
    managers.changeOthers(writer, (fields) => without(difference(fields, changed), removed));
  }
  const managedFields = managers.toEntries();
  return {
    object: withParts(kind, live, after, (configuration.metadata ?? {}) as object, subresource),
    managedFields: deepEqual(managedFields, entries) ? entries : managedFields,
  };
}

function applierOf({ kind, manager, subresource, ownedThrough }: Application): Writer {
  const through = ownedThrough ?? subresource;
  return {
    manager,
    operation: "Apply",
    apiVersion: apiVersionOf(kind),
    ...(through !== undefined && { subresource: through }),
  };
}

function appliedFields(kind: ManagedKind, configuration: Fields, subresource: string | undefined): FieldNode {
  return fieldsOf(rootSchema(kind), ownableParts(kind, configuration, subresource));
}

function refuseConflicts(
  others: Entries,
  changed: FieldNode,
  live: KubeObject,
  application: Application,
): void {
  if (application.force || changed === LEAF) return;
  const conflicts = conflictsIn(others, changed);
  if (conflicts.length === 0) return;
  const allowed = fieldsInLastApplied(live, application);
  const rest = isEmpty(allowed) ? conflicts : conflictsIn(others, difference(changed, allowed));
  if (rest.length > 0) throw applyConflict(rest);
}

function conflictsIn(others: Entries, changed: FieldNode): readonly Conflict[] {
  return others
    .map((entry) => ({ entry, fields: intersection(entry.fieldsV1, changed) }))
    .filter(({ fields }) => !isEmpty(fields));
}
