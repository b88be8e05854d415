import type { FieldError } from "./errors.ts";
import { invalidValue, NOT_NEGATIVE } from "./field-errors.ts";

/** A number, or a percentage of a total such as `25%`. */
export type IntOrPercent = number | string;

/** How many of `total` are meant; part of a whole one is rounded up or down. */
export function scaledValue(value: IntOrPercent, total: number, round: "up" | "down"): number {
  if (typeof value === "number") return value;
  const share = (Number.parseInt(value, 10) * total) / 100;
  return (round === "up" ? Math.ceil(share) : Math.floor(share)) || 0;
}

/** Rules of a field that takes either; `most` is the highest percentage. */
export function checkIntOrPercent(
  field: string,
  value: IntOrPercent | undefined,
  errors: FieldError[],
  most = Number.POSITIVE_INFINITY,
): void {
  if (value === undefined) return;
  if (typeof value === "number") {
    if (value < 0) errors.push(invalidValue(field, value, NOT_NEGATIVE));
  } else if (!/^\d+%$/.test(value)) {
    const detail =
      "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', " +
      "regex used for validation is '[0-9]+%')";
    errors.push(invalidValue(field, value, detail));
  } else if (Number.parseInt(value, 10) > most) {
    errors.push(invalidValue(field, value, `must not be greater than ${most}%`));
  }
}

/** True for 0 and `0%`. */
export function isZero(value: IntOrPercent | undefined): boolean {
  return value === 0 || (typeof value === "string" && Number.parseInt(value, 10) === 0);
}
