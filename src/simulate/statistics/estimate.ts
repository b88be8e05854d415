import { criticalT, twoSidedP } from "./student-t.ts";

/** All intervals are of this confidence. */
export const CONFIDENCE = 0.95;

/** The mean of some values, and how sure it is. */
export interface Estimate {
  readonly count: number;
  readonly mean: number;
  /** The 95 % confidence interval is mean +- this, by Student's t; null of fewer than two values. */
  readonly halfWidth: number | null;
}

/** Mean and confidence interval; null of nothing. */
export function estimate(values: readonly number[]): Estimate | null {
  const count = values.length;
  if (count === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  if (count === 1) return { count, mean, halfWidth: null };
  return { count, mean, halfWidth: criticalT(CONFIDENCE, count - 1) * standardError(values, mean) };
}

/** What a paired t-test says of pairs of values. */
export interface PairedTest {
  /** Mean of `first - second`. */
  readonly difference: Estimate;
  /** Two-sided: the chance of such a difference if there were none; null of fewer than two pairs. */
  readonly pValue: number | null;
}

/**
 * Student's paired t-test. Runs of two strategies with one seed met the same pods and the same faults, so that only the
 * differences within the pairs count; what luck both had in common drops out. Null of no pairs.
 */
export function pairedTest(first: readonly number[], second: readonly number[]): PairedTest | null {
  const differences = first.map((value, index) => differenceOf(value, second[index] as number));
  const difference = estimate(differences);
  if (difference === null) return null;
  if (difference.count < 2) return { difference, pValue: null };
  const error = standardError(differences, difference.mean);
  if (difference.mean === 0) return { difference, pValue: 1 };
  return { difference, pValue: twoSidedP(difference.mean / error, difference.count - 1) };
}

/**
 * Holm's correction: whoever makes many comparisons finds something by chance. @returns the adjusted p values in the
 * order given; each may be held against 5 % as if it were the only one
 */
export function holm(pValues: readonly number[]): readonly number[] {
  const order = pValues.map((_, index) => index).sort((a, b) => at(pValues, a) - at(pValues, b));
  const adjusted: number[] = [];
  let highest = 0;
  for (const [rank, index] of order.entries()) {
    highest = Math.max(highest, Math.min(1, at(pValues, index) * (pValues.length - rank)));
    adjusted[index] = highest;
  }
  return adjusted;
}

/** `first - second`; 0 when they differ by no more than the rounding of how they were added up. */
export function differenceOf(first: number, second: number): number {
  const difference = first - second;
  return isRounding(difference, Math.max(Math.abs(first), Math.abs(second))) ? 0 : difference;
}

function isRounding(difference: number, size: number): boolean {
  return Math.abs(difference) <= ROUNDING * size;
}

const ROUNDING = 1e-12;

function standardError(values: readonly number[], mean: number): number {
  // What is the same but for rounding does not vary: else it would be infinitely sure of nothing.
  if (values.every((value) => isRounding(value - mean, Math.abs(mean)))) return 0;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}

function at(values: readonly number[], index: number): number {
  return values[index] as number;
}
