import type { Kind } from "../api/kind.ts";
import type { KubeObject } from "../api/meta.ts";
import type { Selection } from "../api/objects.ts";
import { parseFieldRequirements, parseFieldSelector, parseLabelSelector } from "../api/selector.ts";

/** A Selection made ready for use. */
export interface CompiledSelection<T extends KubeObject> {
  readonly namespace: string | undefined;
  /** Absent when every object of the namespace is selected. */
  readonly matches: ((object: T) => boolean) | undefined;
  /** The only name that can match, when the field selector says so. */
  readonly name: string | undefined;
}

/** @throws ApiError BadRequest for a selector that is none. */
export function compileSelection<T extends KubeObject>(
  kind: Kind<T>,
  selection: Selection,
): CompiledSelection<T> {
  const { labelSelector = "", fieldSelector = "" } = selection;
  const namespace = kind.namespaced && selection.namespace !== "" ? selection.namespace : undefined;
  if (labelSelector === "" && fieldSelector === "") {
    return { namespace, matches: undefined, name: undefined };
  }
  const byLabels = parseLabelSelector(labelSelector);
  const byFields = parseFieldSelector(kind, fieldSelector);
  return {
    namespace,
    matches: (object) => byLabels(object.metadata.labels) && byFields(object),
    name: parseFieldRequirements(fieldSelector).find(({ field, equal }) => equal && field === "metadata.name")
      ?.value,
  };
}
