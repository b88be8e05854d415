import { FORBIDDEN_KEY, isFields, withoutForbiddenKeys } from "../patch/own-data.ts";
import { type JsonSchema, type Path, pathText, valuesOf } from "./json-schema.ts";

/** Takes out of a value what its schema does not know. Says the paths of it in `unknown`. Shares what stays. */
export type Pruner = (value: unknown, path: Path, unknown: string[]) => unknown;

type Fields = Record<string, unknown>;

/** Fields of an object that is embedded whole. */
const EMBEDDED: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);

/**
 * Makes the pruner of a schema. Fields that are null and must not be are taken out as well, without a word: their
 * default takes their place (Kubernetes' structural pruning and defaulting).
 */
export function compilePruner(schema: JsonSchema): Pruner {
  const prunesFields = compileFields(schema);
  const items = schema.items === undefined ? undefined : compilePruner(schema.items);
  return (value, path, unknown) => {
    if (isFields(value)) return prunesFields(value as Fields, path, unknown);
    if (!Array.isArray(value)) return value;
    return items === undefined ? withoutForbiddenKeys(value) : pruneItems(value, items, path, unknown);
  };
}

interface Field {
  readonly prune: Pruner;
  readonly nullable: boolean;
}

function compileFields(schema: JsonSchema): Pruner {
  const fields = new Map<string, Field>();
  for (const [name, property] of Object.entries(schema.properties ?? {})) fields.set(name, fieldOf(property));
  const values = valuesOf(schema);
  const others = values === undefined ? undefined : fieldOf(values);
  const keepsUnknown =
    schema["x-kubernetes-preserve-unknown-fields"] === true || schema.additionalProperties === true;
  const isEmbedded = schema["x-kubernetes-embedded-resource"] === true;
  const keeps = (key: string) => keepsUnknown || (isEmbedded && EMBEDDED.has(key));
  return (value, path, unknown) => {
    const before = value as Fields;
    let pruned: Fields | undefined;
    for (const key of Object.keys(before)) {
      const old = before[key];
      const field = key === FORBIDDEN_KEY ? undefined : (fields.get(key) ?? others);
      let next: unknown;
      if (field !== undefined) next = pruneField(field, key, old, path, unknown);
      else if (key !== FORBIDDEN_KEY && keeps(key)) next = withoutForbiddenKeys(old);
      else unknown.push(pathText([...path, key]));
      if (next === old) continue;
      pruned ??= { ...before };
      if (next === undefined) delete pruned[key];
      else pruned[key] = next;
    }
    return pruned ?? before;
  };
}

function fieldOf(schema: JsonSchema): Field {
  return { prune: compilePruner(schema), nullable: schema.nullable === true };
}

function pruneField(field: Field, key: string, value: unknown, path: Path, unknown: string[]): unknown {
  if (value === null) return field.nullable ? null : undefined;
  if (typeof value !== "object") return value;
  path.push(key);
  const pruned = field.prune(value, path, unknown);
  path.pop();
  return pruned;
}

function pruneItems(
  value: readonly unknown[],
  items: Pruner,
  path: Path,
  unknown: string[],
): readonly unknown[] {
  let pruned: unknown[] | undefined;
  for (let index = 0; index < value.length; index++) {
    const before = value[index];
    if (typeof before !== "object" || before === null) continue;
    path.push(index);
    const after = items(before, path, unknown);
    path.pop();
    if (after === before) continue;
    pruned ??= [...value];
    pruned[index] = after;
  }
  return pruned ?? value;
}
