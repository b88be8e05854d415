import { invalid } from "../../api/errors.ts";
import { requiredValue } from "../../api/field-errors.ts";
import type { Kind } from "../../api/kind.ts";
import { NAME } from "../../api/kinds/columns.ts";
import { pods } from "../../api/kinds/pod.ts";
import { type Answer, headersWith, JSON_HEADERS } from "../answer.ts";
import type { VerbContext } from "./context.ts";
import { readDraft } from "./draft.ts";

/** The old way to bind a pod: a Binding that names it, in the collection `bindings`. Nothing is stored. */
export const bindings: Kind = {
  group: "",
  version: "v1",
  kind: "Binding",
  plural: "bindings",
  singular: "binding",
  shortNames: [],
  categories: [],
  namespaced: true,
  createOnly: true,
  schema: "io.k8s.api.core.v1.Binding",
  statusSubresource: false,
  columns: [NAME],
  selectableFields: {},
};

/** POST to `bindings`: the same as one to `pods/NAME/binding`, for the pod of the Binding's name. */
export async function answerBinding(context: VerbContext): Promise<Answer> {
  const { draft, options, warnings } = await readDraft(context);
  const { name = "" } = draft.metadata;
  if (name === "") throw invalid(bindings, "", [requiredValue("metadata.name", "name is required")]);
  const key = context.namespace === undefined ? { name } : { namespace: context.namespace, name };
  const result = await context.objects.act(pods as unknown as Kind, key, "binding", draft, options);
  return { status: 201, headers: headersWith(JSON_HEADERS, warnings), body: JSON.stringify(result) };
}
