import type { FieldError } from "../../../errors.ts";
import { forbidden } from "../../../field-errors.ts";
import { type JsonSchema, valuesOf } from "../../json-schema.ts";
import type { Compiled } from "../cel.ts";
import type { RuleNode } from "../rule-tree.ts";
import { type Declared, declaredOf, REQUEST_BYTES_MAX } from "./declared.ts";
import { estimateCost } from "./estimator.ts";

/** What one rule may cost for a whole object at most, and all rules of a schema together. */
const RULE_LIMIT = 10_000_000;
const SCHEMA_LIMIT = 100_000_000;
/** So many of those that cost most are named, where each alone is a hundredth of the limit. */
const NAMED_MAX = 4;

interface RuleCost {
  readonly field: string;
  readonly cost: number;
}

/**
 * Refuses rules whose cost, estimated from the limits in the schema around them, is beyond that of Kubernetes
 * (apiextensions-apiserver/pkg/apis/apiextensions/validation). @param field of the root schema
 */
export function validateCosts(root: RuleNode, field: string, errors: FieldError[]): void {
  const costs: RuleCost[] = [];
  checkNode(root, field, { often: 1, isResource: true }, costs, errors);
  const total = costs.reduce((sum, { cost }) => sum + cost, 0);
  if (total <= SCHEMA_LIMIT) return;
  const largest = costs
    .filter(({ cost }) => cost >= SCHEMA_LIMIT / 100)
    .sort((one, other) => other.cost - one.cost);
  for (const each of largest.slice(0, NAMED_MAX)) {
    const detail =
      "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema";
    errors.push(forbidden(each.field, detail));
  }
  const what = "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema";
  errors.push(forbidden(field, exceeded(what, total / SCHEMA_LIMIT)));
}

/** Where a schema stands. */
interface Standing {
  /** How many values of it an object can have; undefined where a list or map around it has no limit. */
  readonly often: number | undefined;
  readonly isResource: boolean;
}

function checkNode(
  node: RuleNode,
  field: string,
  standing: Standing,
  costs: RuleCost[],
  errors: FieldError[],
): void {
  const { schema, rules } = node;
  const declared = rules.length === 0 ? undefined : declaredOf(schema, standing.isResource);
  if (declared !== undefined) {
    const often = standing.often ?? Math.floor(REQUEST_BYTES_MAX / (declared.minBytes + 1));
    rules.forEach(({ test, message }, index) => {
      const place = `${field}.x-kubernetes-validations[${index}]`;
      check(test, declared, often, { field: `${place}.rule`, what: "estimated rule cost" }, costs, errors);
      if (message === undefined) return;
      const at = { field: `${place}.messageExpression`, what: "estimated messageExpression cost" };
      check(message, declared, 1, at, costs, errors);
    });
  }
  const often = standing.often === undefined ? undefined : multiplied(standing.often, elementsMax(schema));
  const inner = (child: RuleNode, name: string): void => {
    const isResource = child.schema["x-kubernetes-embedded-resource"] === true;
    checkNode(child, `${field}.${name}`, { often, isResource }, costs, errors);
  };
  for (const [name, child] of node.properties) inner(child, `properties[${name}]`);
  if (node.values !== undefined) inner(node.values, "additionalProperties");
  if (node.items !== undefined) inner(node.items, "items");
}

function check(
  compiled: Compiled,
  declared: Declared,
  often: number,
  { field, what }: { readonly field: string; readonly what: string },
  costs: RuleCost[],
  errors: FieldError[],
): void {
  if (!("expression" in compiled)) return;
  const cost = often === 0 ? 0 : estimateCost(compiled.expression.ast, declared) * often;
  costs.push({ field, cost });
  if (cost > RULE_LIMIT) errors.push(forbidden(field, exceeded(what, cost / RULE_LIMIT)));
}

/** How many values of what is within it a value of a schema can have; undefined: without a limit. */
function elementsMax(schema: JsonSchema): number | undefined {
  if (schema.type === "array") return schema.maxItems;
  return valuesOf(schema) === undefined ? 1 : schema.maxProperties;
}

function multiplied(often: number, elements: number | undefined): number | undefined {
  return elements === undefined ? undefined : often * Math.max(0, elements);
}

function exceeded(what: string, factor: number): string {
  const hint =
    "(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and " +
    "strings are declared)";
  return `${what} exceeds budget by factor of ${factorText(factor)} ${hint}`;
}

/** So much more than it may is said exactly only where that tells something. */
function factorText(factor: number): string {
  if (factor > 100) return "more than 100x";
  return factor < 1.5 ? `${factor.toFixed(6)}x` : `${factor.toFixed(1)}x`;
}
