import type { Environment } from "@marcbachmann/cel-js";
import { type JsonSchema, propertyOf, type ValidationRule, valuesOf } from "../json-schema.ts";
import { type Compiled, compileExpression, ruleEnvironment } from "./cel.ts";
import { declareType, type RuleType } from "./rule-type.ts";

/** A rule, read. */
export interface CompiledRule {
  readonly rule: ValidationRule;
  readonly test: Compiled;
  /** How the message is made, when it is made by an expression. */
  readonly message: Compiled | undefined;
}

/** The rules of a schema and of those within it; only branches that lead to rules are there. */
export interface RuleNode {
  readonly schema: JsonSchema;
  readonly type: RuleType | undefined;
  readonly rules: readonly CompiledRule[];
  readonly properties: ReadonlyMap<string, RuleNode>;
  readonly values: RuleNode | undefined;
  readonly items: RuleNode | undefined;
}

/** Reads all rules of a schema; undefined when there are none. `loadExpressions` must have been awaited. */
export function compileRules(schema: JsonSchema): RuleNode | undefined {
  return hasRules(schema) ? nodeOf(schema, true) : undefined;
}

/** Whether there is a rule anywhere in a schema. */
export function hasRules(schema: JsonSchema): boolean {
  if ((schema["x-kubernetes-validations"]?.length ?? 0) > 0) return true;
  const inner = [...Object.values(schema.properties ?? {}), valuesOf(schema), schema.items];
  return inner.some((each) => each !== undefined && hasRules(each));
}

function nodeOf(schema: JsonSchema, isResource: boolean): RuleNode {
  const { type, rules } = rulesOf(schema, isResource);
  const inner = (each: JsonSchema | undefined): RuleNode | undefined =>
    each !== undefined && hasRules(each)
      ? nodeOf(each, each["x-kubernetes-embedded-resource"] === true)
      : undefined;
  const properties = new Map<string, RuleNode>();
  for (const name of Object.keys(schema.properties ?? {})) {
    const node = inner(propertyOf(schema, name));
    if (node !== undefined) properties.set(name, node);
  }
  return { schema, type, rules, properties, values: inner(valuesOf(schema)), items: inner(schema.items) };
}

function rulesOf(schema: JsonSchema, isResource: boolean): Pick<RuleNode, "type" | "rules"> {
  const given = schema["x-kubernetes-validations"] ?? [];
  if (given.length === 0) return { type: undefined, rules: [] };
  const environment = ruleEnvironment();
  const type = declareType(environment, schema, "selfType", isResource);
  if (type === undefined) {
    const fault = "rule declared on schema that does not support validation rules type";
    return { type, rules: given.map((rule) => ({ rule, test: { fault }, message: undefined })) };
  }
  environment.registerVariable("self", type.name);
  const plain = environment.clone().registerVariable("oldSelf", type.name);
  const optional = environment.clone().registerVariable("oldSelf", `optional<${type.name}>`);
  return { type, rules: given.map((rule) => ruleOf(rule, rule.optionalOldSelf ? optional : plain, plain)) };
}

function ruleOf(rule: ValidationRule, environment: Environment, forMessages: Environment): CompiledRule {
  const { messageExpression } = rule;
  return {
    rule,
    test: compileExpression(environment, rule.rule, "bool"),
    message: messageExpression ? compileExpression(forMessages, messageExpression, "string") : undefined,
  };
}
