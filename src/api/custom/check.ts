import { requiredValue } from "../field-errors.ts";
import { isFields } from "../patch/own-data.ts";
import { combinationRules } from "./combinations.ts";
import { type JsonSchema, propertyOf, valuesOf } from "./json-schema.ts";
import { listTypeRule } from "./list-type.ts";
import type { Report } from "./report.ts";
import { typeRule, valueRules } from "./value-rules.ts";

/** Checks a value against a schema and reports what is wrong, in the words of Kubernetes. */
export type Check = (value: unknown, report: Report) => void;

/**
 * Makes the check of a schema, once; what it returns only compares. `loadPatterns` must have been awaited.
 * The order of faults is that of the schema's fields.
 */
export function compileCheck(schema: JsonSchema): Check {
  const type = typeRule(schema);
  const rules: readonly Check[] = [
    ...valueRules(schema),
    ...requiredRule(schema),
    ...fieldsRule(schema),
    ...itemsRule(schema),
    ...listTypeRule(schema),
    ...combinationRules(schema, compileCheck),
  ];
  const { nullable = false } = schema;
  return (value, report) => {
    if (value === null && nullable) return;
    if (type !== undefined && !type(value, report)) return;
    for (const rule of rules) rule(value, report);
  };
}

function requiredRule({ required = [], ...schema }: JsonSchema): readonly Check[] {
  const isEmbedded = schema["x-kubernetes-embedded-resource"] === true;
  const names = isEmbedded ? [...new Set(["apiVersion", "kind", ...required])] : required;
  if (names.length === 0) return [];
  return [
    (value, report) => {
      if (!isFields(value)) return;
      for (const name of names) {
        if (!Object.hasOwn(value, name)) report.add(requiredValue(report.place(name)));
      }
    },
  ];
}

function fieldsRule(schema: JsonSchema): readonly Check[] {
  const properties = Object.keys(schema.properties ?? {}).map(
    (name) => [name, compileCheck(propertyOf(schema, name) as JsonSchema)] as const,
  );
  const values = valuesOf(schema);
  const others = values === undefined ? undefined : compileCheck(values);
  if (properties.length === 0 && others === undefined) return [];
  const known = new Set(properties.map(([name]) => name));
  return [
    (value, report) => {
      if (!isFields(value)) return;
      for (const [name, check] of properties) {
        if (Object.hasOwn(value, name)) within(report, name, value[name], check);
      }
      if (others === undefined) return;
      for (const name of Object.keys(value)) {
        if (!known.has(name)) within(report, name, value[name], others);
      }
    },
  ];
}

function itemsRule({ items }: JsonSchema): readonly Check[] {
  if (items === undefined) return [];
  const check = compileCheck(items);
  return [
    (value, report) => {
      if (!Array.isArray(value)) return;
      for (let index = 0; index < value.length; index++) within(report, index, value[index], check);
    },
  ];
}

function within(report: Report, name: string | number, value: unknown, check: Check): void {
  report.path.push(name);
  check(value, report);
  report.path.pop();
}
