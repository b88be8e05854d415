import type { FieldError } from "../errors.ts";
import { IMMUTABLE, invalidValue, requiredValue } from "../field-errors.ts";
import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { AGE, NAME, NONE, textColumn } from "./columns.ts";

/** networking.k8s.io/v1 IngressClass: names the controller of ingresses; none is here. */
export interface IngressClass extends KubeObject {
  readonly spec: {
    readonly controller?: string;
    readonly parameters?: { readonly apiGroup?: string; readonly kind: string; readonly name: string };
  };
}

export const ingressClasses: Kind<IngressClass> = {
  group: "networking.k8s.io",
  version: "v1",
  kind: "IngressClass",
  plural: "ingressclasses",
  singular: "ingressclass",
  shortNames: [],
  categories: [],
  namespaced: false,
  schema: "io.k8s.api.networking.v1.IngressClass",
  statusSubresource: false,
  columns: [
    NAME,
    textColumn(
      "Controller",
      "The controller of its ingresses.",
      ({ spec }: IngressClass) => spec.controller ?? "",
    ),
    textColumn("Parameters", "Where its parameters are.", ({ spec }: IngressClass) =>
      parametersText(spec.parameters),
    ),
    AGE,
  ],
  selectableFields: {},
  setDefaults: (ingressClass) =>
    ingressClass.spec === undefined ? { ...ingressClass, spec: {} } : ingressClass,
  validate: validateIngressClass,
};

function parametersText(parameters: IngressClass["spec"]["parameters"]): string {
  if (parameters === undefined) return NONE;
  const { apiGroup, kind, name } = parameters;
  return `${kind}${apiGroup ? `.${apiGroup}` : ""}/${name}`;
}

function validateIngressClass(
  { metadata, spec }: IngressClass,
  old: IngressClass | undefined,
): readonly FieldError[] {
  const errors = validateMetadata(metadata, old?.metadata);
  if (!spec.controller) errors.push(requiredValue("spec.controller"));
  else if (old !== undefined && old.spec.controller !== spec.controller) {
    errors.push(invalidValue("spec.controller", spec.controller, IMMUTABLE));
  }
  return errors;
}
