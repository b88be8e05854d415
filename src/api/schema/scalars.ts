import { QUANTITY_FAULT } from "../kinds/resource-validation.ts";
import { parseQuantity } from "../quantity.ts";
import { illegalBase64At, isPlainBase64, unfoldBase64 } from "./base64.ts";
import type { FieldSchema } from "./field-schema.ts";

/** What is wrong with a scalar: either it has the wrong type, or `message` says it all. */
export interface ScalarFault {
  readonly wrongType?: true;
  readonly message?: string;
}

const WRONG_TYPE: ScalarFault = { wrongType: true };
const INT32 = 2 ** 31;

/**
 * Checks a value that is no object, list or map. Returns the value to store (the very same when it is as it should
 * be; a number given as a quantity becomes text) or what is wrong with it.
 */
export function conformScalar(type: FieldSchema, value: unknown): { readonly value: unknown } | ScalarFault {
  switch (type.type) {
    case "quantity":
      return conformQuantity(value);
    case "int-or-string":
      return typeof value === "string" || isInteger(value, INT32) ? { value } : WRONG_TYPE;
    case "time":
    case "micro-time":
      return conformTime(value, type.type === "micro-time");
    default:
      if (type.format === "byte") return conformBytes(value);
      return isClean(type, value) ? { value } : WRONG_TYPE;
  }
}

/** The quick answer for all that is as it should be. */
export function isClean(type: FieldSchema, value: unknown): boolean {
  switch (type.type) {
    case "string":
      return typeof value === "string" && (type.format === undefined || isPlainBase64(value));
    case "boolean":
      return typeof value === "boolean";
    case "integer":
      return type.format === "int32" ? isInteger(value, INT32) : isInteger(value, Number.MAX_SAFE_INTEGER);
    case "number":
      return typeof value === "number" && Number.isFinite(value);
    case "quantity":
      return typeof value === "string" && parseQuantity(value) !== undefined;
    case "time":
      return value === null || (typeof value === "string" && SECONDS.test(value));
    case "micro-time":
      return value === null || (typeof value === "string" && MICROSECONDS.test(value));
    default:
      return false;
  }
}

const DATE = "\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])";
const TIME_OF_DAY = "(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d";
const SECONDS = new RegExp(`^${DATE}T${TIME_OF_DAY}Z$`);
const MICROSECONDS = new RegExp(`^${DATE}T${TIME_OF_DAY}\\.\\d{6}Z$`);
const RFC_3339 = new RegExp(`^${DATE}T${TIME_OF_DAY}(?:\\.(\\d{1,9}))?(?:Z|[+-]\\d\\d:\\d\\d)$`);

function isInteger(value: unknown, limit: number): boolean {
  return Number.isInteger(value) && (value as number) >= -limit && (value as number) <= limit - 1;
}

/** Kubernetes takes numbers for quantities and stores their text. */
function conformQuantity(value: unknown): { readonly value: string } | ScalarFault {
  if (typeof value !== "string" && typeof value !== "number") return WRONG_TYPE;
  const text = String(value);
  return parseQuantity(text) === undefined ? { message: QUANTITY_FAULT } : { value: text };
}

/** Line breaks may stand anywhere in base64 and are not stored. */
function conformBytes(value: unknown): { readonly value: string } | ScalarFault {
  if (typeof value !== "string") return WRONG_TYPE;
  const text = unfoldBase64(value);
  if (isPlainBase64(text)) return { value: text };
  return { message: `illegal base64 data at input byte ${illegalBase64At(value)}` };
}

/** Any RFC 3339 time; stored in UTC with whole seconds, or with six digits for a MicroTime. */
function conformTime(value: unknown, micro: boolean): { readonly value: string } | ScalarFault {
  if (typeof value !== "string") return WRONG_TYPE;
  const match = RFC_3339.exec(value);
  const epochMs = match === null ? Number.NaN : Date.parse(value);
  if (Number.isNaN(epochMs)) {
    const layout = micro ? "2006-01-02T15:04:05.000000Z07:00" : "2006-01-02T15:04:05Z07:00";
    return { message: `parsing time ${JSON.stringify(value)} as "${layout}": cannot parse it` };
  }
  const seconds = new Date(epochMs).toISOString().slice(0, 19);
  const fraction = (match?.[1] ?? "").slice(0, 6).padEnd(6, "0");
  return { value: micro ? `${seconds}.${fraction}Z` : `${seconds}Z` };
}
