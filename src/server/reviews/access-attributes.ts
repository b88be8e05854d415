import type { FieldError } from "../../api/errors.ts";
import { forbidden, invalidValue, requiredValue } from "../../api/field-errors.ts";
import type { Attributes } from "../authorization/attributes.ts";

/** The part of a review's spec that says what somebody wants to do. */
export interface AccessSpec {
  readonly resourceAttributes?: Partial<Record<string, string>>;
  readonly nonResourceAttributes?: { readonly path?: string; readonly verb?: string };
}

/** Adds what is wrong: exactly one of both must be given (pkg/apis/authorization/validation). */
export function checkAccessSpec(spec: AccessSpec, errors: FieldError[]): void {
  const { resourceAttributes, nonResourceAttributes } = spec;
  if (resourceAttributes !== undefined && nonResourceAttributes !== undefined) {
    const detail = "cannot be specified in combination with resourceAttributes";
    errors.push(invalidValue("spec.nonResourceAttributes", nonResourceAttributes, detail));
  }
  if (resourceAttributes === undefined && nonResourceAttributes === undefined) {
    const detail = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
    errors.push(invalidValue("spec.resourceAttributes", null, detail));
  }
}

/** Adds what is wrong with a review that has to be about the namespace of its path. */
export function checkLocal(spec: AccessSpec, namespace: string, errors: FieldError[]): void {
  if (spec.nonResourceAttributes !== undefined) {
    errors.push(forbidden("spec.nonResourceAttributes", "disallowed on this kind of request"));
  }
  if (spec.resourceAttributes === undefined) errors.push(requiredValue("spec.resourceAttributes"));
  else if (spec.resourceAttributes.namespace !== namespace) {
    const given = spec.resourceAttributes.namespace ?? "";
    errors.push(invalidValue("spec.resourceAttributes.namespace", given, "must match metadata.namespace"));
  }
}

/** What is asked, in the authorizer's terms. */
export function attributesOf({ resourceAttributes, nonResourceAttributes }: AccessSpec): Attributes {
  if (nonResourceAttributes !== undefined) {
    return { verb: nonResourceAttributes.verb ?? "", path: nonResourceAttributes.path ?? "" };
  }
  const asked = resourceAttributes ?? {};
  return {
    verb: asked.verb ?? "",
    group: asked.group ?? "",
    version: asked.version ?? "",
    resource: asked.resource ?? "",
    subresource: asked.subresource ?? "",
    namespace: asked.namespace ?? "",
    name: asked.name ?? "",
  };
}
