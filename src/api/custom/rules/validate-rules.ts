import type { FieldError } from "../../errors.ts";
import { invalidValue, notSupported, requiredValue } from "../../field-errors.ts";
import { type JsonSchema, propertyOf, type ValidationRule, valuesOf } from "../json-schema.ts";
import type { CompiledRule, RuleNode } from "./rule-tree.ts";

const REASONS = ["FieldValueRequired", "FieldValueForbidden", "FieldValueInvalid", "FieldValueDuplicate"];
const MESSAGE_MAX = 2048;
const LINE_BREAKS = /[\n\r]/;

/** What is wrong with the form of the rules of one schema, not looking into its fields. */
export function validateRuleForms(schema: JsonSchema, field: string, errors: FieldError[]): void {
  (schema["x-kubernetes-validations"] ?? []).forEach((rule, index) => {
    checkForm(rule, schema, `${field}.x-kubernetes-validations[${index}]`, errors);
  });
}

function checkForm(rule: ValidationRule, schema: JsonSchema, field: string, errors: FieldError[]): void {
  const { message = "", messageExpression, reason, fieldPath = "" } = rule;
  const text = message.trim();
  if ((rule.rule ?? "").trim() === "") errors.push(requiredValue(`${field}.rule`, "rule is not specified"));
  if (message.length > 0 && text.length === 0) {
    errors.push(invalidValue(`${field}.message`, message, "message must be non-empty if specified"));
  } else if (text.length > MESSAGE_MAX) {
    const start = `${text.slice(0, 10)}...`;
    errors.push(
      invalidValue(
        `${field}.message`,
        start,
        `message must have a maximum length of ${MESSAGE_MAX} characters`,
      ),
    );
  } else if (LINE_BREAKS.test(text)) {
    errors.push(invalidValue(`${field}.message`, text, "message must not contain line breaks"));
  } else if (LINE_BREAKS.test((rule.rule ?? "").trim()) && text.length === 0) {
    errors.push(requiredValue(`${field}.message`, "message must be specified if rule contains line breaks"));
  }
  if (messageExpression !== undefined && messageExpression !== "" && messageExpression.trim() === "") {
    errors.push(
      requiredValue(`${field}.messageExpression`, "messageExpression must be non-empty if specified"),
    );
  }
  if (reason !== undefined && !REASONS.includes(reason)) {
    errors.push(notSupported(`${field}.reason`, reason, [...REASONS].sort()));
  }
  if (fieldPath !== "" && !leadsSomewhere(schema, fieldPath)) {
    const detail = "fieldPath must be a valid path: does not refer to a valid field";
    errors.push(invalidValue(`${field}.fieldPath`, fieldPath, detail));
  }
}

/** Whether a path such as `.spec.items` or `['a-b'].c` leads to a field of the schema. */
function leadsSomewhere(schema: JsonSchema, path: string): boolean {
  const parts = path.match(/\.[^.[\]]+|\['(?:[^'\\]|\\.)*'\]/g) ?? [];
  if (parts.join("") !== path) return false;
  let found: JsonSchema | undefined = schema;
  for (const part of parts) {
    const name = part.startsWith(".") ? part.slice(1) : part.slice(2, -2).replace(/\\(.)/g, "$1");
    found = found && (found.properties === undefined ? valuesOf(found) : propertyOf(found, name));
  }
  return found !== undefined;
}

/** What is wrong with the expressions of a tree of rules. @param field of the schema they are in */
export function validateExpressions(
  { rules, schema, ...inner }: RuleNode,
  field: string,
  errors: FieldError[],
  uncorrelatable?: string,
): void {
  rules.forEach((rule, index) => {
    checkExpressions(rule, `${field}.x-kubernetes-validations[${index}]`, errors, uncorrelatable);
  });
  for (const [name, node] of inner.properties) {
    validateExpressions(node, `${field}.properties[${name}]`, errors, uncorrelatable);
  }
  const { values, items } = inner;
  if (values !== undefined) {
    validateExpressions(values, `${field}.additionalProperties`, errors, uncorrelatable);
  }
  if (items === undefined) return;
  // Only the items of a map can be told from each other, and so be compared with what they were.
  const isMap = schema["x-kubernetes-list-type"] === "map";
  validateExpressions(items, `${field}.items`, errors, uncorrelatable ?? (isMap ? undefined : field));
}

function checkExpressions(
  { rule, test, message }: CompiledRule,
  field: string,
  errors: FieldError[],
  uncorrelatable: string | undefined,
): void {
  if ("fault" in test) errors.push(invalidValue(`${field}.rule`, shown(rule), test.fault));
  if (message !== undefined && "fault" in message) {
    const detail = message.fault.replace(/^compilation failed/, "messageExpression compilation failed");
    errors.push(invalidValue(`${field}.messageExpression`, shown(rule), detail));
  }
  if (uncorrelatable === undefined || !("expression" in test) || !test.expression.usesOldSelf) return;
  const detail = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`;
  errors.push(invalidValue(`${field}.rule`, rule.rule, detail));
}

/** A rule as Kubernetes shows one that it refuses. */
function shown(rule: ValidationRule): object {
  const {
    message = "",
    messageExpression = "",
    reason = null,
    fieldPath = "",
    optionalOldSelf = null,
  } = rule;
  return {
    Rule: rule.rule,
    Message: message,
    MessageExpression: messageExpression,
    Reason: reason,
    FieldPath: fieldPath,
    OptionalOldSelf: optionalOldSelf,
  };
}
