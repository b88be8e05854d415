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
  const fault = listFault(rootSchema(kind), configuration, []);
  if (fault !== undefined) throw notTyped(kind, metadata.namespace, name, fault);
}

function notTyped(kind: ManagedKind, namespace: string | undefined, name: string, fault: string): ApiError {
  const of = `${kindText(kind)}`;
  return badRequest(`failed to create typed patch object (${namespace ?? ""}/${name}; ${of}): ${fault}`);
}

/** As Go prints a GroupVersionKind. */
function kindText({ group, version, kind }: Pick<Kind, "group" | "version" | "kind">): string {
  return `${group}/${version}, Kind=${kind}`;
}

/** The first list with items that can not be told apart. */
function listFault(
  schema: FieldSchema | undefined,
  value: unknown,
  path: readonly string[],
): string | undefined {
  const structure = structureOf(schema);
  if (structure.divides === "fields" && isFields(value)) {
    for (const name of Object.keys(value)) {
      const fault = listFault(structure.field(name), value[name], [...path, `f:${name}`]);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
  if (!Array.isArray(value)) return undefined;
  if (structure.divides === "values") return duplicate(value.map(valueElement), path);
  if (structure.divides !== "items") return undefined;
  const { keys, item: schemaOfItem } = structure;
  for (const [index, item] of value.entries()) {
    const missing = keys.find((key) => keyValue(item, key, schemaOfItem) === undefined);
    if (missing === undefined) continue;
    const why = `associative list with keys has an element that omits key field ${JSON.stringify(missing)}`;
    return `${pathText(path)}: element ${index}: ${why} (and doesn't have default value)`;
  }
  const elements = value.map((item) => itemElement(item, keys, schemaOfItem));
  const twice = duplicate(elements, path);
  if (twice !== undefined) return twice;
  for (const [index, item] of value.entries()) {
    const fault = listFault(schemaOfItem, item, [...path, elements[index] as string]);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function duplicate(elements: readonly string[], path: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (const element of elements) {
    if (seen.has(element)) return `${pathText(path)}: duplicate entries for key ${pathText([element])}`;
    seen.add(element);
  }
  return undefined;
}
