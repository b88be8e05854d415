import type { CustomResourceDefinition } from "../kinds/custom-resource-definition.ts";
import { type JsonSchema, valuesOf } from "./json-schema.ts";

/** What works differently here from what a definition asks for. */
export function definitionWarnings({ spec }: CustomResourceDefinition): readonly string[] {
  const warnings: string[] = [];
  if (spec.conversion?.strategy === "Webhook") {
    warnings.push(
      "spec.conversion: kubesim calls no webhooks; versions differ in nothing but their apiVersion",
    );
  }
  spec.versions.forEach(({ schema }, index) => {
    if (!hasRules(schema?.openAPIV3Schema ?? {})) return;
    warnings.push(`spec.versions[${index}].schema: x-kubernetes-validations are stored, but not evaluated`);
  });
  return warnings;
}

function hasRules(schema: JsonSchema): boolean {
  if ((schema["x-kubernetes-validations"]?.length ?? 0) > 0) return true;
  const inner = [...Object.values(schema.properties ?? {}), valuesOf(schema), schema.items];
  return inner.some((each) => each !== undefined && hasRules(each));
}
