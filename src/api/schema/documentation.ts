import { OWN_TYPES } from "./own-types.ts";

/** What a type and its fields mean. */
export interface TypeDocumentation {
  readonly doc: string;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * Loads the documentation of all types; gives it by type name. It is big and wanted by OpenAPI alone, so it is read
 * only when that is asked for.
 */
export async function loadDocumentation(): Promise<(name: string) => TypeDocumentation> {
  const module = await import("./kubernetes-docs.generated.json", { with: { type: "json" } });
  const generated = module.default as Readonly<Record<string, Readonly<Record<string, string>>>>;
  return (name) =>
    ownDocumentation(name) ?? { doc: generated[name]?.[""] ?? "", fields: generated[name] ?? {} };
}

function ownDocumentation(name: string): TypeDocumentation | undefined {
  const own = OWN_TYPES[name];
  if (own === undefined) return undefined;
  const fields = Object.entries(own.fields).map(([field, [, doc]]) => [field, doc] as const);
  return { doc: own.doc, fields: Object.fromEntries(fields) };
}
