import type { FieldError } from "../errors.ts";
import { duplicateValue, forbidden, invalidValue, requiredValue } from "../field-errors.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { qualifiedNameFault } from "../names.ts";
import { canonicalQuantity, parseQuantity } from "../quantity.ts";
import type { LimitRange, LimitRangeItem } from "./limit-range.ts";
import { checkContainerResourceName, checkQuantity, checkResourceName } from "./resource-validation.ts";

type Quantities = Readonly<Record<string, string>>;

const TYPES = ["Pod", "Container", "PersistentVolumeClaim"];

/** ValidateLimitRange of pkg/apis/core/validation. */
export function validateLimitRange(range: LimitRange, old: LimitRange | undefined): readonly FieldError[] {
  const errors = validateMetadata(range.metadata, old?.metadata);
  if (range.spec === old?.spec) return errors;
  const types = new Set<string>();
  for (const [index, item] of range.spec.limits.entries()) {
    const field = `spec.limits[${index}]`;
    checkType(`${field}.type`, item.type ?? "", errors);
    if (types.has(item.type)) errors.push(duplicateValue(`${field}.type`, item.type));
    types.add(item.type);
    checkItem(field, item, errors);
  }
  return errors;
}

function checkType(field: string, type: string, errors: FieldError[]): void {
  const fault = qualifiedNameFault(type);
  if (fault !== undefined) errors.push(invalidValue(field, type, fault));
  else if (!type.includes("/") && !TYPES.includes(type)) {
    errors.push(invalidValue(field, type, "must be a standard limit type or fully qualified"));
  }
}

function checkItem(field: string, item: LimitRangeItem, errors: FieldError[]): void {
  checkNames(field, item, errors);
  const { min, max, default: limit, defaultRequest: request, maxLimitRequestRatio: ratio } = item;
  const resources = new Set([max, min, limit, request, ratio].flatMap((part) => Object.keys(part ?? {})));
  for (const resource of [...resources].sort()) {
    const at = (part: string) => `${field}.${part}[${resource}]`;
    const value = (name: string, part: Quantities | undefined) => amountOf(name, part?.[resource]);
    const [least, most] = [value("min", min), value("max", max)];
    const [usual, asked] = [value("default", limit), value("default request", request)];
    checkOrder(at("min"), least, most, least, errors);
    checkOrder(at("defaultRequest"), least, asked, asked, errors);
    checkOrder(at("defaultRequest"), asked, most, asked, errors);
    checkOrder(at("defaultRequest"), asked, value("default limit", limit), asked, errors);
    checkOrder(at("default"), least, usual, least, errors);
    checkOrder(at("default"), usual, most, most, errors);
    checkRatio(at("maxLimitRequestRatio"), ratio?.[resource], least?.value, most?.value, errors);
  }
}

/** What items of a type have and must have, and whether those are resources. */
function checkNames(field: string, item: LimitRangeItem, errors: FieldError[]): void {
  const isOfContainers = item.type === "Pod" || item.type === "Container";
  const check = isOfContainers ? checkContainerResourceName : checkResourceName;
  for (const part of ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] as const) {
    const amounts = Object.entries(item[part] ?? {});
    if (item.type === "Pod" && part.startsWith("default") && amounts.length > 0) {
      errors.push(forbidden(`${field}.${part}`, "may not be specified when `type` is 'Pod'"));
      continue;
    }
    for (const [resource, amount] of amounts) {
      check(`${field}.${part}[${resource}]`, resource, errors);
      if (parseQuantity(amount) === undefined) {
        checkQuantity(`${field}.${part}[${resource}]`, resource, amount, errors);
      }
    }
  }
  const hasStorage = item.min?.storage !== undefined || item.max?.storage !== undefined;
  if (item.type === "PersistentVolumeClaim" && !hasStorage) {
    const detail = "either minimum or maximum storage value is required, but neither was provided";
    errors.push(requiredValue(`${field}.limits`, detail));
  }
}

interface Amount {
  /** As messages call it. */
  readonly name: string;
  readonly text: string;
  readonly value: number;
}

function amountOf(name: string, text: string | undefined): Amount | undefined {
  const value = text === undefined ? undefined : parseQuantity(text);
  return value === undefined ? undefined : { name, text: canonicalQuantity(text as string), value };
}

/** `blamed` is the one of the two that is named as the wrong one. */
function checkOrder(
  field: string,
  small: Amount | undefined,
  large: Amount | undefined,
  blamed: Amount | undefined,
  errors: FieldError[],
): void {
  if (small === undefined || large === undefined || small.value <= large.value) return;
  const detail = `${small.name} value ${small.text} is greater than ${large.name} value ${large.text}`;
  errors.push(invalidValue(field, (blamed as Amount).text, detail));
}

function checkRatio(
  field: string,
  given: string | undefined,
  least: number | undefined,
  most: number | undefined,
  errors: FieldError[],
): void {
  const ratio = amountOf("ratio", given);
  if (ratio === undefined) return;
  if (ratio.value < 1) errors.push(invalidValue(field, ratio.text, `ratio ${ratio.text} is less than 1`));
  if (!least || most === undefined || ratio.value <= most / least) return;
  const detail = `ratio ${ratio.text} is greater than max/min = ${(most / least).toFixed(6)}`;
  errors.push(invalidValue(field, ratio.text, detail));
}
