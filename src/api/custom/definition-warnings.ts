import type { CustomResourceDefinition } from "../kinds/custom-resource-definition.ts";
import { compileRules, hasRules, type RuleNode } from "./rules/rule-tree.ts";

/** What works differently here from what a definition asks for. */
export function definitionWarnings({ spec }: CustomResourceDefinition): readonly string[] {
  const warnings: string[] = [];
  if (spec.conversion?.strategy === "Webhook") {
    warnings.push(
      "spec.conversion: kubesim calls no webhooks; versions differ in nothing but their apiVersion",
    );
  }
  spec.versions.forEach(({ schema }, index) => {
    const { openAPIV3Schema = {} } = schema ?? {};
    const words = hasRules(openAPIV3Schema) ? notEvaluated(compileRules(openAPIV3Schema)) : [];
    if (words.length === 0) return;
    const place = `spec.versions[${index}].schema`;
    warnings.push(`${place}: rules with ${[...new Set(words)].join(", ")} are stored, but not evaluated`);
  });
  return warnings;
}

/** What of CEL keeps rules of a tree from being evaluated. */
function notEvaluated(node: RuleNode | undefined): readonly string[] {
  if (node === undefined) return [];
  const own = node.rules.flatMap(({ test, message }) =>
    [test, message].flatMap((each) =>
      each !== undefined && "notEvaluated" in each ? [each.notEvaluated] : [],
    ),
  );
  const inner = [...node.properties.values(), node.values, node.items];
  return [...own, ...inner.flatMap(notEvaluated)];
}
