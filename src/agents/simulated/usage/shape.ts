import { parseQuantity } from "../../../api/quantity.ts";
import { parseDuration } from "../../../lib/duration.ts";

/** How much is used over time, in cores or bytes. */
export type Shape =
  | { readonly name: "constant"; readonly value: number }
  | {
      readonly name: "noise" | "sine";
      readonly low: number;
      readonly high: number;
      readonly periodMs: number;
    }
  | { readonly name: "trace"; readonly steps: readonly Step[]; readonly periodMs: number | undefined };

interface Step {
  readonly atMs: number;
  readonly value: number;
}

/** A shape, of every pod for itself or of all pods of one controller together. */
export interface UsageModel {
  readonly shape: Shape;
  /** Shared evenly among those pods of the controller that are Ready. */
  readonly isTotal: boolean;
}

/** When a shape is looked at. */
export interface Moment {
  /** Ms since the epoch. */
  readonly now: number;
  /** Since the pod, or for a total the first of its controller's pods, was started. */
  readonly ageMs: number;
  /** Tells the noise of one pod from that of another. */
  readonly seed: number;
}

const NOISE_PERIOD_MS = 60_000;
const SINE_PERIOD_MS = 600_000;

/**
 * Reads a model: `250m`, `noise 100m..400m period 1m`, `sine 100m..400m period 10m`,
 * `trace 0s=100m 5m=400m 10m=100m period 15m`, each perhaps with `total` before it. Undefined for any other text.
 */
export function parseUsage(text: string): UsageModel | undefined {
  const words = text.trim().split(/[\s,]+/);
  const isTotal = words[0] === "total";
  if (isTotal) words.shift();
  const shape = parseShape(words);
  return shape && { shape, isTotal };
}

function parseShape(words: string[]): Shape | undefined {
  const [name = "", ...rest] = words;
  if (rest.length === 0) {
    const value = amount(name);
    return value === undefined ? undefined : { name: "constant", value };
  }
  let periodMs: number | undefined;
  if (rest.at(-2) === "period") {
    periodMs = parseDuration(rest.at(-1) as string);
    if (periodMs === undefined || periodMs <= 0) return undefined;
    rest.splice(-2);
  }
  if (name === "trace") return parseTrace(rest, periodMs);
  if ((name !== "noise" && name !== "sine") || rest.length !== 1) return undefined;
  const [low, high] = (rest[0] as string).split("..").map(amount);
  if (low === undefined || high === undefined || high < low) return undefined;
  return { name, low, high, periodMs: periodMs ?? (name === "noise" ? NOISE_PERIOD_MS : SINE_PERIOD_MS) };
}

function parseTrace(words: readonly string[], periodMs: number | undefined): Shape | undefined {
  const steps: Step[] = [];
  for (const word of words) {
    const [time = "", quantity = "", ...more] = word.split("=");
    const atMs = parseDuration(time);
    const value = amount(quantity);
    const isLater = atMs !== undefined && atMs >= (steps.at(-1)?.atMs ?? 0);
    if (!isLater || value === undefined || more.length > 0) return undefined;
    steps.push({ atMs, value });
  }
  return steps.length === 0 ? undefined : { name: "trace", steps, periodMs };
}

function amount(text: string): number | undefined {
  const value = parseQuantity(text);
  return value !== undefined && value >= 0 ? value : undefined;
}

/** What a shape says at a moment. A trace holds each value until the next; before its first it uses nothing. */
export function usageAt(shape: Shape, { now, ageMs, seed }: Moment): number {
  switch (shape.name) {
    case "constant":
      return shape.value;
    case "sine": {
      const middle = (shape.low + shape.high) / 2;
      const turn = ((now % shape.periodMs) / shape.periodMs) * 2 * Math.PI;
      return middle + (middle - shape.low) * Math.sin(turn);
    }
    case "noise":
      return shape.low + (shape.high - shape.low) * smoothNoise(seed, now / shape.periodMs);
    case "trace": {
      const atMs = shape.periodMs === undefined ? ageMs : ageMs % shape.periodMs;
      return shape.steps.findLast((step) => step.atMs <= atMs)?.value ?? 0;
    }
  }
}

/** From 0 to 1, without jumps: between whole numbers it goes smoothly from one random value to the next. */
function smoothNoise(seed: number, at: number): number {
  const step = Math.floor(at);
  const share = at - step;
  const smooth = share * share * (3 - 2 * share);
  return randomAt(seed, step) * (1 - smooth) + randomAt(seed, step + 1) * smooth;
}

/** A random number of [0, 1) that is the same for the same seed and step (finalizer of MurmurHash3). */
function randomAt(seed: number, step: number): number {
  let hash = seed ^ Math.imul(step | 0, 0x9e3779b1) ^ Math.floor(step / 4_294_967_296);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296;
}
