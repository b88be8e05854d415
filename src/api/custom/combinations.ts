import type { FieldError } from "../errors.ts";
import type { Check } from "./check.ts";
import type { JsonSchema } from "./json-schema.ts";
import type { Report } from "./report.ts";

/** The rules allOf, anyOf, oneOf and not. Kubernetes tells them without a field, with the place in the sentence. */
export function combinationRules(
  { allOf, anyOf, oneOf, not }: JsonSchema,
  compile: (schema: JsonSchema) => Check,
): readonly Check[] {
  const rules: Check[] = [];
  if (allOf !== undefined && allOf.length > 0) rules.push(allOfRule(allOf.map(compile)));
  if (anyOf !== undefined && anyOf.length > 0) rules.push(anyOfRule(anyOf.map(compile)));
  if (oneOf !== undefined && oneOf.length > 0) rules.push(oneOfRule(oneOf.map(compile)));
  if (not !== undefined) rules.push(notRule(compile(not)));
  return rules;
}

function allOfRule(checks: readonly Check[]): Check {
  return (value, report) => {
    const tried = attempts(checks, value, report);
    const failed = tried.filter((attempt) => !attempt.isClean);
    if (failed.length === 0) return;
    const none = failed.length === tried.length ? ". None validated" : "";
    report.add(atRoot(report, `must validate all the schemas (allOf)${none}`));
    for (const attempt of failed) report.take(attempt);
  };
}

function anyOfRule(checks: readonly Check[]): Check {
  return (value, report) => {
    const tried = attempts(checks, value, report);
    if (tried.some((attempt) => attempt.isClean)) return;
    report.add(atRoot(report, "must validate at least one schema (anyOf)"));
    report.take(closest(tried));
  };
}

function oneOfRule(checks: readonly Check[]): Check {
  return (value, report) => {
    const tried = attempts(checks, value, report);
    const valid = tried.filter((attempt) => attempt.isClean).length;
    if (valid === 1) return;
    const found = valid === 0 ? "Found none valid" : `Found ${valid} valid alternatives`;
    report.add(atRoot(report, `must validate one and only one schema (oneOf). ${found}`));
    if (valid === 0) report.take(closest(tried));
  };
}

function notRule(check: Check): Check {
  return (value, report) => {
    const [attempt] = attempts([check], value, report);
    if (attempt?.isClean) report.add(atRoot(report, "must not validate the schema (not)"));
  };
}

function attempts(checks: readonly Check[], value: unknown, report: Report): readonly Report[] {
  return checks.map((check) => {
    const aside = report.aside();
    check(value, aside);
    return aside;
  });
}

/** The attempt that came nearest: its faults are what the user most likely has to mend. */
function closest(tried: readonly Report[]): Report {
  return tried.reduce((best, attempt) => (attempt.faults.length < best.faults.length ? attempt : best));
}

function atRoot(report: Report, message: string): FieldError {
  const detail = `${JSON.stringify(report.place())} ${message}`;
  return { type: "Invalid", field: "<nil>", message: `Invalid value: "": ${detail}` };
}
