import type { FieldError } from "../../errors.ts";
import { duplicateValue, forbidden, invalidValue, requiredValue } from "../../field-errors.ts";
import { isFields } from "../../patch/own-data.ts";
import type { JsonSchema, ValidationRule } from "../json-schema.ts";
import type { Report } from "../report.ts";
import { celOptional, type Expression } from "./cel.ts";
import { CostExceeded, lastCost, OBJECT_BUDGET } from "./cost.ts";
import type { CompiledRule, RuleNode } from "./rule-tree.ts";
import { evaluationFault } from "./words.ts";

const LONGEST_MESSAGE = 5 * 1024;
const OUT_OF_BUDGET =
  "validation failed due to running out of cost budget, no further validation rules will be run";

/** What is broken of the rules of a schema by one object, and what of that the old object broke as well. */
export interface BrokenRules {
  /** Found at `about`, may be let be where that did not change. */
  readonly report: Report;
  /** Broken by the change itself: rules that compare with the old object. */
  readonly changes: Report;
}

/**
 * Asks every rule of the tree about a value; rules about changes only where there is an old value to compare with.
 * All rules of one object share a budget of cost: when it is used up, no further rule is asked.
 */
export function applyRules(node: RuleNode, value: unknown, old: unknown, broken: BrokenRules): void {
  new Walk(broken).at(node, value, old);
}

class Walk {
  readonly #broken: BrokenRules;
  #budget = OBJECT_BUDGET;

  constructor(broken: BrokenRules) {
    this.#broken = broken;
  }

  at(node: RuleNode, value: unknown, old: unknown): void {
    if (value === undefined || value === null || this.#budget < 0) return;
    for (const rule of node.rules) this.#ask(node, rule, value, old ?? undefined);
    if (Array.isArray(value)) {
      if (node.items === undefined) return;
      const oldItem = correlate(node.schema, old);
      value.forEach((item, index) => {
        this.#within(index, () => this.at(node.items as RuleNode, item, oldItem(item)));
      });
    } else if (isFields(value)) this.#fields(node, value, isFields(old) ? old : {});
  }

  #fields(node: RuleNode, value: Fields, old: Fields): void {
    for (const name of Object.keys(value)) {
      const inner = node.properties.get(name) ?? (node.schema.properties?.[name] ? undefined : node.values);
      if (inner === undefined) continue;
      const before = Object.hasOwn(old, name) ? old[name] : undefined;
      this.#within(name, () => this.at(inner, value[name], before));
    }
  }

  #within(name: string | number, walk: () => void): void {
    const { report, changes } = this.#broken;
    report.path.push(name);
    changes.path.push(name);
    walk();
    report.path.pop();
    changes.path.pop();
  }

  #ask(node: RuleNode, { rule, test, message }: CompiledRule, value: unknown, old: unknown): void {
    if (!("expression" in test) || node.type === undefined || this.#budget < 0) return;
    const { expression } = test;
    if (expression.usesOldSelf && old === undefined && !rule.optionalOldSelf) return;
    const report = expression.usesOldSelf ? this.#broken.changes : this.#broken.report;
    const self = node.type.toCel(value);
    const oldSelf = old === undefined ? undefined : node.type.toCel(old);
    const type = node.schema.type ?? "";
    const fail = (detail: string) => report.add(invalidValue(report.place() || "<nil>", type, detail));
    try {
      const before = rule.optionalOldSelf ? celOptional(oldSelf) : oldSelf;
      const answer = this.#evaluate(expression, { self, ...(before !== undefined && { oldSelf: before }) });
      if (answer === true) return;
    } catch (error) {
      fail(this.#faultOf(error as Error, ruleText(rule)));
      return;
    }
    const made = message !== undefined && "expression" in message ? message.expression : undefined;
    const detail = made && this.#message(made, { self, ...(oldSelf !== undefined && { oldSelf }) });
    report.add(brokenRule(rule, report, type, detail || defaultMessage(rule)));
  }

  #evaluate(expression: Expression, variables: Readonly<Record<string, unknown>>): unknown {
    try {
      return expression.evaluate(variables);
    } finally {
      this.#budget -= lastCost();
    }
  }

  #faultOf(error: Error, text: string): string {
    if (error instanceof CostExceeded) {
      this.#budget = -1;
      const why = "no further validation rules will be run due to call cost exceeds limit";
      return `'${error.message}': ${why} for rule: ${text}`;
    }
    if (this.#budget < 0) return OUT_OF_BUDGET;
    const words = evaluationFault(error);
    if (words !== "no such overload") return `${words} evaluating rule: ${text}`;
    const why = "call arguments did not match a supported operator, function or macro signature";
    return `'${words}': ${why} for rule: ${text}`;
  }

  /** Undefined when it fails, or makes what is no message. */
  #message(expression: Expression, variables: Readonly<Record<string, unknown>>): string | undefined {
    try {
      const text = String(this.#evaluate(expression, variables)).trim();
      return text.length > LONGEST_MESSAGE || text.includes("\n") ? undefined : text;
    } catch {
      return undefined;
    }
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** The old item that goes with an item: by the keys of a list that has some, none in other lists. */
function correlate(schema: JsonSchema, old: unknown): (item: unknown) => unknown {
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  if (schema["x-kubernetes-list-type"] !== "map" || !Array.isArray(old)) return () => undefined;
  const keyOf = (item: unknown) =>
    JSON.stringify(keys.map((key) => (isFields(item) ? item[key] : undefined)));
  const byKey = new Map(old.map((item) => [keyOf(item), item]));
  return (item) => byKey.get(keyOf(item));
}

function brokenRule(rule: ValidationRule, report: Report, type: string, detail: string): FieldError {
  const field = `${report.place()}${rule.fieldPath ?? ""}`.replace(/^\./, "") || "<nil>";
  switch (rule.reason) {
    case "FieldValueForbidden":
      return forbidden(field, detail);
    case "FieldValueRequired":
      return requiredValue(field, detail);
    case "FieldValueDuplicate":
      return duplicateValue(field, type);
    default:
      return invalidValue(field, type, detail);
  }
}

function ruleText({ message, rule }: ValidationRule): string {
  return (message || rule).trim();
}

function defaultMessage(rule: ValidationRule): string {
  return rule.message ? rule.message.trim() : `failed rule: ${rule.rule.trim()}`;
}
