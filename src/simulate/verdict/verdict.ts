import type { SimulationResult } from "../result.ts";
import {
  CONFIDENCE,
  differenceOf,
  type Estimate,
  estimate,
  holm,
  type PairedTest,
  pairedTest,
} from "../statistics/estimate.ts";
import { type Metric, metricThatMatters } from "./metrics.ts";

/** A strategy's mean over the seeds that all strategies have finished. */
export interface Standing {
  readonly strategy: string;
  readonly estimate: Estimate;
}

/** The best strategy beside another one. */
export interface Comparison {
  readonly strategy: string;
  /** Best minus other. */
  readonly difference: Estimate;
  /** Of the paired t-test, after Holm's correction over all pairs of strategies; null with one seed. */
  readonly pValue: number | null;
  readonly isSignificant: boolean;
  /** With so many seeds the best one was better than the other. */
  readonly wins: number;
}

/** Which strategy is better, by how much, and whether that is more than chance. Plain JSON data. */
export interface Verdict {
  readonly metric: string;
  readonly better: "lower" | "higher";
  readonly seeds: number;
  /** Best first; equals in the order of the scenario. */
  readonly standings: readonly Standing[];
  /** The best one beside each of the others, in the order of `standings`. */
  readonly comparisons: readonly Comparison[];
  /** The same in words. */
  readonly sentence: string;
}

/** Judges finished runs. Null when there is nothing to compare: fewer than two strategies with a seed in common. */
export function judge(results: readonly SimulationResult[], wanted?: Metric): Verdict | null {
  const whole = results.filter(({ status }) => status === "completed");
  const metric = wanted ?? metricThatMatters(whole);
  const values = valuesByStrategy(whole, metric);
  const seeds = values[0]?.values.length ?? 0;
  if (values.length < 2 || seeds === 0) return null;
  const sign = metric.better === "lower" ? 1 : -1;
  const ranked = values
    .map(({ strategy, values }) => ({ strategy, values, estimate: estimate(values) as Estimate }))
    .sort((a, b) => sign * (a.estimate.mean - b.estimate.mean));
  const best = ranked[0] as Ranked;
  const others = ranked.slice(1);
  const pValues = correctedPValues(ranked);
  const comparisons = others.map((other, index) => {
    const { difference } = pairedTest(best.values, other.values) as PairedTest;
    const pValue = seeds === 1 ? null : (pValues[index] as number);
    const isBetter = (value: number, at: number) =>
      sign * differenceOf(value, other.values[at] as number) < 0;
    return {
      strategy: other.strategy,
      difference,
      pValue,
      isSignificant: pValue !== null && pValue < 1 - CONFIDENCE,
      wins: best.values.filter(isBetter).length,
    };
  });
  const standings = ranked.map(({ strategy, estimate }) => ({ strategy, estimate }));
  const { name, better } = metric;
  const sentence = sentenceOf(metric, best, comparisons);
  return { metric: name, better, seeds, standings, comparisons, sentence };
}

interface Ranked extends Standing {
  readonly values: readonly number[];
}

/** Values of the seeds with which every strategy has one, in the order of the seeds. */
function valuesByStrategy(results: readonly SimulationResult[], { value }: Metric) {
  const byStrategy = new Map<string, Map<string, number>>();
  for (const result of results) {
    const known = byStrategy.get(result.strategy) ?? new Map<string, number>();
    byStrategy.set(result.strategy, known);
    const measured = value(result);
    if (measured !== null) known.set(result.seed, measured);
  }
  const all = [...byStrategy.values()];
  const seeds = [...(all[0]?.keys() ?? [])].filter((seed) => all.every((known) => known.has(seed)));
  return [...byStrategy].map(([strategy, known]) => ({
    strategy,
    values: seeds.map((seed) => known.get(seed) as number),
  }));
}

/** Of all pairs of strategies, for the best one was not known before; those of the best come first. */
function correctedPValues(ranked: readonly Ranked[]): readonly number[] {
  const pairs = ranked.flatMap((first, index) =>
    ranked.slice(index + 1).map((second) => pairedTest(first.values, second.values)?.pValue ?? 1),
  );
  return holm(pairs);
}

function sentenceOf(metric: Metric, best: Ranked, comparisons: readonly Comparison[]): string {
  const seeds = best.values.length;
  const equals = comparisons.filter(({ difference }) => difference.mean === 0);
  const [next, ...rest] = comparisons.filter(({ difference }) => difference.mean !== 0);
  const mean = metric.text(best.estimate.mean);
  if (next === undefined) return `No difference: ${metric.label} is ${mean} with every strategy.`;
  const names = [best, ...equals].map(({ strategy }) => strategy);
  const lead = `${names.join(" and ")} ${names.length === 1 ? "is" : "are"} best on ${metric.label}`;
  const otherMean = metric.text(best.estimate.mean - next.difference.mean);
  const figures = `${lead}: ${mean} against ${otherMean} with ${next.strategy}`;
  if (seeds === 1) return `${figures}. One seed only: whether that is more than chance cannot be judged.`;
  const range = `95 % interval ${interval(metric, next.difference)}`;
  const difference = `difference ${metric.differenceText(next.difference.mean)}, ${range}`;
  const wins = `better with ${next.wins} of ${seeds} seeds`;
  return [`${figures} (${difference}; ${wins}).`, significanceOf(next), ...restOf(rest)].join(" ");
}

function restOf(rest: readonly Comparison[]): readonly string[] {
  const named = (isSignificant: boolean) =>
    rest.filter((other) => other.isSignificant === isSignificant).map(({ strategy }) => strategy);
  const [clear, unclear] = [named(true), named(false)];
  return [
    ...(clear.length > 0 ? [`Significantly better than ${clear.join(", ")}, too.`] : []),
    ...(unclear.length > 0 ? [`Not significantly better than ${unclear.join(", ")}.`] : []),
  ];
}

function interval({ differenceText: text }: Metric, { mean, halfWidth }: Estimate): string {
  const half = halfWidth ?? 0;
  return `${text(mean - half)} to ${text(mean + half)}`;
}

function significanceOf({ pValue, isSignificant, difference }: Comparison): string {
  if (difference.halfWidth === 0) return "The difference is the same with every seed.";
  const p = (pValue ?? 1) < 0.001 ? "p < 0.001" : `p = ${(pValue ?? 1).toFixed(3)}`;
  if (isSignificant) return `That is significant (${p}).`;
  return `That is not significant (${p}): it may be chance. More seeds would tell.`;
}
