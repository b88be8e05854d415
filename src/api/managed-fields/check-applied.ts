import { type ApiError, badRequest } from "../errors.ts";
import { apiVersionOf, type Kind } from "../kind.ts";
import { type Fields, isFields } from "../patch/own-data.ts";
import type { FieldSchema } from "../schema/schema.ts";
import { pathText } from "./field-set.ts";
import { type ManagedKind, rootSchema } from "./ownable.ts";
import { itemElement, keyValue, structureOf, valueElement } from "./structure.ts";

/**
 * Checks what only a configuration that is applied must be: of the kind's version, without managed fields, and with
 * lists whose items can be told apart.
 * @throws ApiError BadRequest in kube-apiserver's words
 */
export function checkApplied(kind: ManagedKind, name: string, configuration: Fields): void {
  const expected = apiVersionOf(kind);
  const { apiVersion } = configuration;
  if (apiVersion !== expected) {
    const given = typeof apiVersion === "string" ? apiVersion : "";
    throw badRequest(
      `Incorrect version specified in apply patch. Specified patch version: ${given}, expected: ${expected}`,
    );
  }
  const metadata = configuration.metadata as {
    readonly managedFields?: unknown;
    readonly namespace?: string;
  };
  if (metadata.managedFields !== undefined) throw badRequest("metadata.managedFields must be nil");
  const fault = listFault(rootSchema(kind), configuration);
  if (fault !== undefined) throw notTyped(kind, metadata.namespace, name, fault);
}

/** A list with items that cannot be told apart, by its path from the value that was looked at. */
interface ListFault {
  readonly path: readonly string[];
  readonly why: string;
}

function notTyped(
  kind: ManagedKind,
  namespace: string | undefined,
  name: string,
  { path, why }: ListFault,
): ApiError {
  const of = `${namespace ?? ""}/${name}; ${kindText(kind)}`;
  return badRequest(`failed to create typed patch object (${of}): ${pathText(path)}: ${why}`);
}

/** As Go prints a GroupVersionKind. */
function kindText({ group, version, kind }: Pick<Kind, "group" | "version" | "kind">): string {
  return `${group}/${version}, Kind=${kind}`;
}

/** The first list with items that cannot be told apart. */
function listFault(schema: FieldSchema | undefined, value: unknown): ListFault | undefined {
  const structure = structureOf(schema);
  if (structure.divides === "fields" && isFields(value)) {
    for (const name of Object.keys(value)) {
      const field = value[name];
      if (typeof field !== "object") continue;
      const fault = listFault(structure.field(name), field);
      if (fault !== undefined) return { ...fault, path: [`f:${name}`, ...fault.path] };
    }
    return undefined;
  }
  if (!Array.isArray(value)) return undefined;
  if (structure.divides === "values") return duplicate(value.map(valueElement));
  return structure.divides === "items" ? itemFault(structure.keys, structure.item, value) : undefined;
}

function itemFault(
  keys: readonly string[],
  schema: FieldSchema,
  items: readonly unknown[],
): ListFault | undefined {
  for (const [index, item] of items.entries()) {
    const missing = keys.find((key) => keyValue(item, key, schema) === undefined);
    if (missing === undefined) continue;
    const omitted = `omits key field ${JSON.stringify(missing)} (and doesn't have default value)`;
    return { path: [], why: `element ${index}: associative list with keys has an element that ${omitted}` };
  }
  const elements = items.map((item) => itemElement(item, keys, schema));
  const twice = duplicate(elements);
  if (twice !== undefined) return twice;
  for (const [index, item] of items.entries()) {
    const fault = listFault(schema, item);
    if (fault !== undefined) return { ...fault, path: [elements[index] as string, ...fault.path] };
  }
  return undefined;
}

function duplicate(elements: readonly string[]): ListFault | undefined {
  if (elements.length < 2) return undefined;
  const seen = new Set<string>();
  for (const element of elements) {
    if (seen.has(element)) return { path: [], why: `duplicate entries for key ${pathText([element])}` };
    seen.add(element);
  }
  return undefined;
}
