import { dnsSubdomainFault, labelValueFault, qualifiedNameFault } from "../api/names.ts";
import { parseQuantity, resourceAmount } from "../api/quantity.ts";
import { parseLabelSelector } from "../api/selector.ts";
import { parseDuration } from "../lib/duration.ts";
import { parseShape, type Shape, ShapeError } from "../simulate/shape.ts";
import { UsageError } from "./errors.ts";

/*
 * Readers of option values. Each takes the text and returns the value, or throws a UsageError whose message goes on
 * from `--flag "text" …` and whose hint shows a good value.
 */

/** A quantity above zero, as text: `500m`, `2`, `16Gi`. Memory of some bytes is a forgotten unit. */
export function positiveQuantity(resource: "cpu" | "memory"): (text: string) => string {
  const hint =
    resource === "cpu" ? "Write cores: 2, 0.5 or 500m" : "Write bytes with a unit: 512Mi, 16Gi or 2G";
  return (text) => {
    const value = parseQuantity(text);
    if (value === undefined) throw new UsageError("is not a quantity", hint);
    if (value <= 0) throw new UsageError("must be more than zero", hint);
    const amount = resourceAmount(resource, text);
    if (!Number.isSafeInteger(amount)) throw new UsageError("is too large", hint);
    if (resource === "memory" && amount < 2 ** 20) {
      const meant = /^\d+$/.test(text) ? `Did you mean ${text}Gi? ` : "";
      throw new UsageError(`is ${amount} bytes, less than 1Mi`, `${meant}${hint}`);
    }
    return text;
  };
}

/** A whole number between two bounds, both included. */
export function wholeNumber(lowest: number, highest: number): (text: string) => number {
  return (text) => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(value))
      throw new UsageError("is not a whole number", `Write one from ${lowest} to ${highest}`);
    if (value < lowest) throw new UsageError(`must be at least ${lowest}`);
    if (value > highest) throw new UsageError(`must be at most ${highest}`);
    return value;
  };
}

const DURATION_HINT = "Write it like 30s, 5m, 1h30m or 250ms; a bare number means seconds";

/** A duration in ms, zero included: `30s`, `5m`, `300` (seconds). */
export function duration(text: string): number {
  const durationMs = parseDuration(text);
  if (durationMs === undefined) throw new UsageError("is not a duration", DURATION_HINT);
  return durationMs;
}

/** A duration above zero, in ms. */
export function positiveDuration(text: string): number {
  const durationMs = duration(text);
  if (durationMs === 0) throw new UsageError("must be more than zero", DURATION_HINT);
  return durationMs;
}

/** A duration above zero that is kept as the text it was. */
export function durationText(text: string): string {
  positiveDuration(text);
  return text;
}

/** The name of an object. */
export function objectNameText(text: string): string {
  if (dnsSubdomainFault(text) === undefined) return text;
  throw new UsageError(
    "is not a name",
    `Lower-case letters, digits, - and . inside, a letter or digit at both ends; for example ${suggestedName(text)}`,
  );
}

/** `key=value`. */
export function label(text: string): readonly [key: string, value: string] {
  const at = text.indexOf("=");
  const hint = "Write it like team=search";
  if (at < 1) throw new UsageError("is not of the form key=value", hint);
  const key = text.slice(0, at);
  const value = text.slice(at + 1);
  if (qualifiedNameFault(key) !== undefined)
    throw new UsageError(`has a key "${key}" that no label can have`, hint);
  if (labelValueFault(value) !== undefined) {
    throw new UsageError(`has a value "${value}" that no label can have`, hint);
  }
  return [key, value];
}

/** A label selector, kept as the text it was. */
export function labelSelectorText(text: string): string {
  try {
    parseLabelSelector(text);
    return text;
  } catch (error) {
    throw new UsageError(
      `is not a label selector: ${(error as Error).message}`,
      "Write it like team=search,tier!=db,zone in (a,b),!canary",
    );
  }
}

/** A taint as `key=value:Effect` or `key:Effect`. */
export interface TaintText {
  readonly key: string;
  readonly value?: string;
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

/** Reads a taint. */
export function taint(text: string): TaintText {
  const hint = "Write it like dedicated=gpu:NoSchedule; effects: NoSchedule, PreferNoSchedule, NoExecute";
  const match = /^([^=:]+)(?:=([^:]*))?:(NoSchedule|PreferNoSchedule|NoExecute)$/.exec(text);
  if (match === null) throw new UsageError("is not of the form key=value:Effect", hint);
  const [, key = "", value, effect] = match;
  if (
    qualifiedNameFault(key) !== undefined ||
    (value !== undefined && labelValueFault(value) !== undefined)
  ) {
    throw new UsageError("has a key or value that no taint can have", hint);
  }
  return { key, ...(value !== undefined && { value }), effect: effect as TaintText["effect"] };
}

/** What a node has or a pod asks for. */
export function shape(text: string): Shape {
  try {
    return parseShape(text);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new UsageError(
      `is no shape: ${error.message}`,
      "Write it like cpu=16,memory=64Gi,nvidia.com/gpu=8",
    );
  }
}

function suggestedName(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(0, 60);
  return dnsSubdomainFault(name) === undefined ? name : "web-1";
}
