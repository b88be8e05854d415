import type { Kind } from "../../api/kind.ts";
import { customResourceDefinitions } from "../../api/kinds/custom-resource-definition.ts";
import type { Objects } from "../../api/objects.ts";
import { listAll } from "../list-all.ts";

/** The part of a definition that names its kind; what a file has may be anything. */
interface Names {
  readonly group?: string;
  readonly scope?: string;
  readonly names?: {
    readonly plural?: string;
    readonly kind?: string;
  };
  readonly versions?: readonly { readonly name?: string; readonly served?: boolean }[];
}

/**
 * The kinds that a CustomResourceDefinition defines, one for each version it serves: as much of them as one needs to
 * send objects of them. None when the object is no definition, or not a whole one.
 */
export function definedKinds(object: Readonly<Record<string, unknown>>): readonly Kind[] {
  const { group, scope, names, versions } = (object.spec ?? {}) as Names;
  const { plural, kind } = names ?? {};
  const isDefinition = object.kind === customResourceDefinitions.kind;
  if (!isDefinition || !group || !plural || !kind || !Array.isArray(versions)) return [];
  return (versions as NonNullable<Names["versions"]>)
    .filter(({ served }) => served)
    .map(({ name }) => ({
      group,
      version: String(name),
      kind,
      plural,
      singular: kind.toLowerCase(),
      shortNames: [],
      categories: [],
      namespaced: scope === "Namespaced",
      schema: "",
      statusSubresource: false,
      columns: [],
      selectableFields: {},
    }));
}

/** The kinds that the definitions of a cluster add. */
export async function kindsDefinedIn(objects: Objects): Promise<readonly Kind[]> {
  const { items } = await listAll(objects, customResourceDefinitions);
  return items.flatMap((definition) => definedKinds({ ...definition }));
}
