import { definitionStatus } from "../custom/definition-status.ts";
import {
  type CustomResourceDefinition,
  customResourceDefinitions,
} from "../kinds/custom-resource-definition.ts";
import type { KubeObject } from "../meta.ts";
import type { Admission, AdmissionContext } from "./admission.ts";

/**
 * Settles with the write itself which names of a definition are accepted and whether it is established; Kubernetes
 * does it a moment later.
 */
export const customResourceNames: Admission = {
  name: "CustomResourceNames",
  kinds: [customResourceDefinitions.schema],
  admit: (object, context) => withStatus(object as CustomResourceDefinition, context),
  admitChange: (object, _, context) => withStatus(object as CustomResourceDefinition, context),
};

function withStatus(definition: CustomResourceDefinition, { lookup, now }: AdmissionContext): KubeObject {
  const status = definitionStatus(definition, lookup.list(customResourceDefinitions), now);
  if (status === definition.status) return definition;
  const settled: CustomResourceDefinition = { ...definition, status };
  return settled;
}
