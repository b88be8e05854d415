import { deepEqual } from "../deep-equal.ts";
import { type Fields, isFields } from "../patch/own-data.ts";
import type { FieldSchema } from "../schema/schema.ts";
import { type FieldNode, LEAF, SELF } from "./field-set.ts";
import { itemElement, type Structure, structureOf, valueElement } from "./structure.ts";

type Schema = FieldSchema | undefined;
type Items = Extract<Structure, { divides: "items" }>;

/** All fields of a value that someone applies: who applies it owns them. */
export function fieldsOf(schema: Schema, value: unknown): FieldNode {
  return allFields(schema, value, false);
}

/** @param ownsContainers whether lists and maps are in the set themselves, as when an update has made them. */
function allFields(schema: Schema, value: unknown, ownsContainers: boolean): FieldNode {
  const structure = structureOf(schema);
  const nodes: Record<string, FieldNode> = ownsContainers && isContainer(schema) ? { [SELF]: LEAF } : {};
  let count = 0;
  if (structure.divides === "fields" && isFields(value)) {
    for (const name of Object.keys(value)) {
      const field = value[name];
      if (field === undefined || field === null) continue;
      nodes[`f:${name}`] = allFields(structure.field(name), field, ownsContainers);
      count++;
    }
  } else if (structure.divides === "items" && Array.isArray(value)) {
    for (const item of value) nodes[elementOf(item, structure)] = newItem(structure, item, ownsContainers);
    count = value.length;
  } else if (structure.divides === "values" && Array.isArray(value)) {
    for (const item of value) nodes[valueElement(item)] = LEAF;
    count = value.length;
  }
  return count === 0 ? LEAF : nodes;
}

/** Lists and maps that may be left out; objects, and lists that must be there, are not owned for themselves. */
function isContainer(schema: Schema): boolean {
  return schema !== undefined && !schema.required && (schema.type === "array" || schema.type === "map");
}

function newItem({ item: schema }: Items, item: unknown, ownsContainers: boolean): FieldNode {
  return { [SELF]: LEAF, ...allFields(schema, item, ownsContainers) };
}

function elementOf(item: unknown, { keys, item: schema }: Items): string {
  return itemElement(item, keys, schema);
}

/** The fields that are new or have another value in `after`; undefined when there are none. */
export function changedFields(schema: Schema, before: unknown, after: unknown): FieldNode | undefined {
  if (before === after || after === undefined || after === null) return undefined;
  if (before === undefined || before === null) return allFields(schema, after, true);
  const structure = structureOf(schema);
  if (structure.divides === "fields" && isFields(before) && isFields(after)) {
    return eachField(after, (name) => changedFields(structure.field(name), own(before, name), after[name]));
  }
  if (structure.divides === "items" && Array.isArray(before) && Array.isArray(after)) {
    const old = byElement(before, structure);
    return collect(after, (item) => {
      const element = elementOf(item, structure);
      const was = old.get(element);
      if (was === undefined) return [element, newItem(structure, item, true)];
      return [element, changedFields(structure.item, was, item)];
    });
  }
  if (structure.divides === "values" && Array.isArray(before) && Array.isArray(after)) {
    const old = new Set<unknown>(before);
    return collect(after, (item) => [valueElement(item), old.has(item) ? undefined : LEAF]);
  }
  return deepEqual(before, after) ? undefined : LEAF;
}

/** The fields that `after` has no more; what was below them is not listed. Undefined when there are none. */
export function removedFields(schema: Schema, before: unknown, after: unknown): FieldNode | undefined {
  if (before === after || before === undefined || before === null) return undefined;
  if (after === undefined || after === null) return LEAF;
  const structure = structureOf(schema);
  if (structure.divides === "fields" && isFields(before) && isFields(after)) {
    return eachField(before, (name) => removedFields(structure.field(name), before[name], own(after, name)));
  }
  if (structure.divides === "items" && Array.isArray(before) && Array.isArray(after)) {
    const now = byElement(after, structure);
    return collect(before, (item) => {
      const element = elementOf(item, structure);
      return [element, removedFields(structure.item, item, now.get(element))];
    });
  }
  if (structure.divides === "values" && Array.isArray(before) && Array.isArray(after)) {
    const now = new Set<unknown>(after);
    return collect(before, (item) => [valueElement(item), now.has(item) ? undefined : LEAF]);
  }
  return undefined;
}

function own(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function byElement(items: readonly unknown[], structure: Items): ReadonlyMap<string, unknown> {
  return new Map(items.map((item) => [elementOf(item, structure), item]));
}

function eachField(fields: Fields, node: (name: string) => FieldNode | undefined): FieldNode | undefined {
  let nodes: Record<string, FieldNode> | undefined;
  for (const name of Object.keys(fields)) {
    const found = node(name);
    if (found === undefined) continue;
    nodes ??= {};
    nodes[`f:${name}`] = found;
  }
  return nodes;
}

function collect<T>(
  parts: readonly T[],
  entry: (part: T) => readonly [element: string, node: FieldNode | undefined],
): FieldNode | undefined {
  let nodes: Record<string, FieldNode> | undefined;
  for (const part of parts) {
    const [element, node] = entry(part);
    if (node === undefined) continue;
    nodes ??= {};
    nodes[element] = node;
  }
  return nodes;
}
