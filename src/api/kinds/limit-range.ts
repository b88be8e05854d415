import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { AGE, NAME } from "./columns.ts";
import { validateLimitRange } from "./limit-range-validation.ts";

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
