import { deepEqual } from "../deep-equal.ts";
import type { FieldError } from "../errors.ts";
import { invalidValue, notSupported, tooLong, tooMany, wrongType } from "../field-errors.ts";
import { isFields } from "../patch/own-data.ts";
import type { Check } from "./check.ts";
import { FORMATS } from "./formats.ts";
import type { JsonSchema } from "./json-schema.ts";
import { compilePattern } from "./pattern.ts";
import type { Report } from "./report.ts";

/** Whether a value has the type; reports when it has not, and then nothing else is looked at. */
export function typeRule(schema: JsonSchema): ((value: unknown, report: Report) => boolean) | undefined {
  const isEither = schema["x-kubernetes-int-or-string"] === true;
  const name = isEither ? "integer,string" : schema.type;
  if (name === undefined || name === "") return undefined;
  const fits = isEither
    ? (value: unknown) => typeof value === "string" || Number.isInteger(value)
    : (TYPES[name] ?? (() => true));
  return (value, report) => {
    if (fits(value)) return true;
    const found = typeName(value);
    const detail = `${inBody(report)} must be of type ${name}: ${JSON.stringify(found)}`;
    report.add(wrongType(report.place(), found, detail));
    return false;
  };
}

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === "number",
  array: Array.isArray,
  object: isFields,
};

/** Every rule about one value that does not look into it further. */
export function valueRules(schema: JsonSchema): readonly Check[] {
  return [
    ...textRules(schema),
    ...formatRule(schema),
    ...numberRules(schema),
    ...sizeRules(schema),
    ...enumRule(schema),
  ];
}

function textRules({ minLength, maxLength, pattern }: JsonSchema): readonly Check[] {
  const rules: Check[] = [];
  const rule = (fits: (text: string) => boolean, error: (text: string, report: Report) => FieldError) =>
    rules.push((value, report) => {
      if (typeof value === "string" && !fits(value)) report.add(error(value, report));
    });
  if (maxLength !== undefined) {
    rule(
      (text) => text.length <= maxLength || [...text].length <= maxLength,
      (_, report) => tooLong(report.place(), maxLength),
    );
  }
  if (minLength !== undefined) {
    rule(
      (text) => text.length >= minLength && [...text].length >= minLength,
      (text, report) => broken(report, text, `should be at least ${minLength} chars long`),
    );
  }
  if (pattern !== undefined && pattern !== "") {
    const matches = compilePattern(pattern);
    rule(matches, (text, report) => broken(report, text, `should match '${pattern}'`));
  }
  return rules;
}

function formatRule({ format, type }: JsonSchema): readonly Check[] {
  const fits = format !== undefined && Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (fits === undefined || type !== "string") return [];
  return [
    (value, report) => {
      if (typeof value !== "string" || fits(value)) return;
      const detail = `${inBody(report)} must be of type ${format}: ${JSON.stringify(value)}`;
      report.add(wrongType(report.place(), value, detail));
    },
  ];
}

function numberRules(schema: JsonSchema): readonly Check[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, format, type } = schema;
  const rules: Check[] = [];
  const rule = (fits: (value: number) => boolean, words: string) =>
    rules.push((value, report) => {
      if (typeof value === "number" && !fits(value)) report.add(broken(report, value, words));
    });
  if (minimum !== undefined) {
    if (exclusiveMinimum) rule((value) => value > minimum, `should be greater than ${minimum}`);
    else rule((value) => value >= minimum, `should be greater than or equal to ${minimum}`);
  }
  if (maximum !== undefined) {
    if (exclusiveMaximum) rule((value) => value < maximum, `should be less than ${maximum}`);
    else rule((value) => value <= maximum, `should be less than or equal to ${maximum}`);
  }
  if (multipleOf !== undefined) {
    rule((value) => Number.isInteger(value / multipleOf), `should be a multiple of ${multipleOf}`);
  }
  if (type === "integer" && format === "int32") {
    rules.push((value, report) => {
      if (typeof value !== "number" || (value >= -(2 ** 31) && value < 2 ** 31)) return;
      const detail = "Checked value must be of type integer with format int32";
      report.add(invalidValue(report.place(), value, detail));
    });
  }
  return rules;
}

function sizeRules({ minItems, maxItems, minProperties, maxProperties }: JsonSchema): readonly Check[] {
  return [
    ...sizeRule(itemCount, minItems, maxItems, "items"),
    ...sizeRule(fieldCount, minProperties, maxProperties, "properties"),
  ];
}

function sizeRule(
  sizeOf: (value: unknown) => number | undefined,
  least: number | undefined,
  most: number | undefined,
  what: string,
): readonly Check[] {
  if (least === undefined && most === undefined) return [];
  return [
    (value, report) => {
      const size = sizeOf(value);
      if (size === undefined) return;
      if (most !== undefined && size > most) report.add(tooMany(report.place(), size, most));
      if (least !== undefined && size < least) {
        report.add(broken(report, size, `should have at least ${least} ${what}`));
      }
    },
  ];
}

function itemCount(value: unknown): number | undefined {
  return Array.isArray(value) ? value.length : undefined;
}

function fieldCount(value: unknown): number | undefined {
  return isFields(value) ? Object.keys(value).length : undefined;
}

function enumRule({ enum: allowed }: JsonSchema): readonly Check[] {
  if (allowed === undefined || allowed.length === 0) return [];
  const scalars = new Set(allowed);
  const texts = allowed.map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
  return [
    (value, report) => {
      if (scalars.has(value) || allowed.some((one) => deepEqual(one, value))) return;
      report.add(notSupported(report.place(), value, texts));
    },
  ];
}

function broken(report: Report, value: unknown, words: string): FieldError {
  return invalidValue(report.place(), value, `${inBody(report)} ${words}`);
}

function inBody(report: Report): string {
  const place = report.place();
  return place === "" ? "in body" : `${place} in body`;
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}
