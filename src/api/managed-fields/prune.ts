import { type Fields, isFields } from "../patch/own-data.ts";
import type { FieldSchema } from "../schema/schema.ts";
import { childOf, type FieldNode, isMember } from "./field-set.ts";
import { itemElement, structureOf, valueElement } from "./structure.ts";

type Schema = FieldSchema | undefined;

/**
 * Takes out of a value what an applier owned before (`last`) and nobody owns now (`kept`, the fields of all managers).
 * An object goes as a whole with the defaults in it when nobody owns anything of it; entries of maps and lists that
 * nobody ever owned stay, since writers in the server's own process leave no trace of what they own.
 */
export function pruneAbandoned(
  schema: Schema,
  value: unknown,
  last: FieldNode,
  kept: FieldNode | undefined,
): unknown {
  const structure = structureOf(schema);
  if (structure.divides === "fields" && isFields(value)) return pruneFields(structure, value, last, kept);
  if (structure.divides === "items" && Array.isArray(value)) {
    const { keys, item: itemSchema } = structure;
    return keepItems(value, (item) => {
      const element = itemElement(item, keys, itemSchema);
      const before = childOf(last, element);
      const now = childOf(kept, element);
      if (before === undefined) return item;
      if (isMember(before) && !(now !== undefined && isMember(now))) return undefined;
      return pruneAbandoned(itemSchema, item, before, now);
    });
  }
  if (structure.divides === "values" && Array.isArray(value)) {
    return keepItems(value, (item) => {
      const element = valueElement(item);
      return childOf(last, element) !== undefined && childOf(kept, element) === undefined ? undefined : item;
    });
  }
  return value;
}

function pruneFields(
  structure: { field(name: string): Schema },
  value: Fields,
  last: FieldNode,
  kept: FieldNode | undefined,
): Fields {
  let pruned: Record<string, unknown> | undefined;
  for (const element of Object.keys(last)) {
    const name = element.slice(2);
    if (!element.startsWith("f:") || !Object.hasOwn(value, name)) continue;
    const before = value[name];
    const now = childOf(kept, element);
    const after = abandonedField(structure.field(name), before, last[element] as FieldNode, now);
    if (after === before) continue;
    pruned ??= { ...value };
    if (after === undefined) delete pruned[name];
    else pruned[name] = after;
  }
  return pruned ?? value;
}

function abandonedField(
  schema: Schema,
  value: unknown,
  last: FieldNode,
  kept: FieldNode | undefined,
): unknown {
  const structure = structureOf(schema);
  const isOpen = structure.divides !== "not" && !(structure.divides === "fields" && !structure.isOpen);
  const holdsParts = isOpen && typeof value === "object" && value !== null;
  if (kept === undefined && !holdsParts) return undefined;
  const after = pruneAbandoned(schema, value, last, kept);
  return kept === undefined && isEmptied(after) ? undefined : after;
}

function isEmptied(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function keepItems(items: readonly unknown[], keep: (item: unknown) => unknown): readonly unknown[] {
  const after = items.map(keep);
  if (after.every((item, index) => item === items[index])) return items;
  return after.filter((item) => item !== undefined);
}
