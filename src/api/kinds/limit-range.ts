import type { FieldError } from "../errors.ts";
import { duplicateValue, forbidden, invalidValue, requiredValue } from "../field-errors.ts";
import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { parseQuantity } from "../quantity.ts";
import { AGE, NAME } from "./columns.ts";
import { checkQuantities } from "./resource-validation.ts";

type Quantities = Readonly<Record<string, string>>;

/** v1 LimitRange: what containers and pods of a namespace get and may ask for. */
export interface LimitRange extends KubeObject {
  readonly spec: { readonly limits: readonly LimitRangeItem[] };
}

export interface LimitRangeItem {
  readonly type: string;
  readonly max?: Quantities;
  readonly min?: Quantities;
  readonly default?: Quantities;
  readonly defaultRequest?: Quantities;
  readonly maxLimitRequestRatio?: Quantities;
}

export const limitRanges: Kind<LimitRange> = {
  group: "",
  version: "v1",
  kind: "LimitRange",
  plural: "limitranges",
  singular: "limitrange",
  shortNames: ["limits"],
  categories: [],
  namespaced: true,
  schema: "io.k8s.api.core.v1.LimitRange",
  statusSubresource: false,
  columns: [NAME, AGE],
  selectableFields: {},
  setDefaults: setLimitRangeDefaults,
  validate: validateLimitRange,
};

function setLimitRangeDefaults(range: LimitRange): LimitRange {
  const given = range.spec?.limits ?? [];
  const limits = given.map(withItemDefaults);
  const isComplete = range.spec?.limits !== undefined && limits.every((item, at) => item === given[at]);
  return isComplete ? range : { ...range, spec: { limits } };
}

/** A limit that is not given is the most, a request that is not given the limit, or else the least. */
function withItemDefaults(item: LimitRangeItem): LimitRangeItem {
  if (item.type !== "Container") return item;
  const limit = { ...item.max, ...item.default };
  const request = { ...item.min, ...limit, ...item.defaultRequest };
  const isComplete =
    Object.keys(limit).length === Object.keys(item.default ?? {}).length &&
    Object.keys(request).length === Object.keys(item.defaultRequest ?? {}).length;
  return isComplete ? item : { ...item, default: limit, defaultRequest: request };
}

function validateLimitRange(range: LimitRange, old: LimitRange | undefined): readonly FieldError[] {
  const errors = validateMetadata(range.metadata, old?.metadata);
  if (range.spec === old?.spec) return errors;
  const types = new Set<string>();
  for (const [index, item] of range.spec.limits.entries()) {
    const field = `spec.limits[${index}]`;
    if (!item.type) errors.push(requiredValue(`${field}.type`));
    else if (types.has(item.type)) errors.push(duplicateValue(`${field}.type`, item.type));
    types.add(item.type);
    checkItem(field, item, errors);
  }
  return errors;
}

function checkItem(field: string, item: LimitRangeItem, errors: FieldError[]): void {
  const { min = {}, max = {}, default: limit = {}, defaultRequest: request = {} } = item;
  const before = errors.length;
  checkType(field, item, errors);
  for (const part of ["min", "max", "default", "defaultRequest", "maxLimitRequestRatio"] as const) {
    checkQuantities(`${field}.${part}`, item[part] ?? {}, errors);
  }
  if (errors.length > before) return;
  checkOrder(`${field}.min`, "min", min, "max", max, errors);
  checkOrder(`${field}.defaultRequest`, "min", min, "default request", request, errors);
  checkOrder(`${field}.default`, "default", limit, "max", max, errors);
  checkOrder(`${field}.defaultRequest`, "default request", request, "default limit", limit, errors);
  for (const resource of Object.keys(item.maxLimitRequestRatio ?? {})) {
    checkRatio(`${field}.maxLimitRequestRatio[${resource}]`, item, resource, errors);
  }
}

/** What items of a type have, and what they must have. */
function checkType(field: string, item: LimitRangeItem, errors: FieldError[]): void {
  if (item.type === "Pod") {
    for (const part of ["default", "defaultRequest"] as const) {
      if (Object.keys(item[part] ?? {}).length === 0) continue;
      errors.push(forbidden(`${field}.${part}`, "may not be specified when `type` is 'Pod'"));
    }
  }
  const hasStorage = item.min?.storage !== undefined || item.max?.storage !== undefined;
  if (item.type === "PersistentVolumeClaim" && !hasStorage) {
    const detail = "either minimum or maximum storage value is required, but neither was provided";
    errors.push(requiredValue(`${field}.limits`, detail));
  }
}

function checkRatio(
  field: string,
  { min, max, maxLimitRequestRatio }: LimitRangeItem,
  resource: string,
  errors: FieldError[],
): void {
  const text = maxLimitRequestRatio?.[resource] as string;
  const [ratio = 0, least, most] = [text, min?.[resource], max?.[resource]].map((each) =>
    parseQuantity(each ?? ""),
  );
  if (ratio < 1) errors.push(invalidValue(field, text, `ratio ${text} is less than 1`));
  if (!least || most === undefined || ratio <= most / least) return;
  errors.push(
    invalidValue(field, text, `ratio ${text} is greater than max/min = ${(most / least).toFixed(6)}`),
  );
}

function checkOrder(
  field: string,
  smallName: string,
  small: Quantities,
  largeName: string,
  large: Quantities,
  errors: FieldError[],
): void {
  for (const resource of Object.keys(small)) {
    const [low, high] = [small[resource] as string, large[resource]];
    if (high === undefined || (parseQuantity(low) ?? 0) <= (parseQuantity(high) ?? 0)) continue;
    const detail = `${smallName} value ${low} is greater than ${largeName} value ${high}`;
    errors.push(invalidValue(`${field}[${resource}]`, low, detail));
  }
}
