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

const PERCENT = /^\d+%$/;

/** Rules of a field that takes either (ValidatePositiveIntOrPercent). */
export function checkIntOrPercent(
  field: string,
  value: IntOrPercent | undefined,
  errors: FieldError[],
): void {
  if (value === undefined) return;
  if (typeof value === "number") {
    if (value < 0) errors.push(invalidValue(field, value, NOT_NEGATIVE));
  } else if (!PERCENT.test(value)) {
    const detail =
      "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', " +
      "regex used for validation is '[0-9]+%')";
    errors.push(invalidValue(field, value, detail));
  }
}

/** A percentage is of what there is (IsNotMoreThan100Percent). */
export function checkAtMostAll(field: string, value: IntOrPercent | undefined, errors: FieldError[]): void {
  if (typeof value !== "string" || !PERCENT.test(value) || Number.parseInt(value, 10) <= 100) return;
  errors.push(invalidValue(field, value, "must not be greater than 100%"));
}

/** True for 0 and `0%`, and for a text that is neither. */
export function isZero(value: IntOrPercent | undefined): boolean {
  return value === 0 || (typeof value === "string" && (Number.parseInt(value, 10) || 0) === 0);
}
