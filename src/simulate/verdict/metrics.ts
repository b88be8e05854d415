import { formatDuration } from "../../lib/duration.ts";
import type { SimulationResult } from "../result.ts";
import { differenceOf } from "../statistics/estimate.ts";

/** Something by which strategies can be compared. */
export interface Metric {
  /** What `--metric` takes. */
  readonly name: string;
  /** In a sentence: `pods left pending`. */
  readonly label: string;
  readonly better: "lower" | "higher";
  /** Null where a run has nothing of the kind. */
  readonly value: (result: SimulationResult) => number | null;
  /** A value with its unit. */
  readonly text: (value: number) => string;
  /** A difference of two values with its unit. */
  readonly differenceText: (difference: number) => string;
}

/** Every metric; when none is asked for, the first of `matters` that tells the strategies apart. */
export const METRICS: readonly Metric[] = [
  metric("availability", "pod availability", "higher", ({ faults }) => faults.podAvailability, percent),
  metric("gpu-allocation", "GPUs given to pods", "higher", gpuShare, percent),
  metric("pending", "pods left pending", "lower", ({ pending }) => pending, amount),
  metric("wait", "mean wait", "lower", ({ waits }) => waits?.meanSeconds ?? null, seconds),
  metric("nodes", "nodes used", "lower", ({ nodesUsed }) => nodesUsed, amount),
  metric(
    "p95-wait",
    "95th percentile of the wait",
    "lower",
    ({ waits }) => waits?.p95Seconds ?? null,
    seconds,
  ),
  metric("slowdown", "bounded slowdown", "lower", ({ waits }) => waits?.boundedSlowdown ?? null, amount),
  metric("makespan", "makespan", "lower", ({ makespanSeconds }) => makespanSeconds, seconds),
  metric("unschedulable", "time without room", "lower", ({ faults }) => faults.unschedulableSeconds, seconds),
  metric("evictions", "evictions", "lower", ({ faults }) => faults.evictions, amount),
  metric("mttr", "time to recovery", "lower", ({ faults }) => faults.mttrSeconds, seconds),
  metric("fragmentation", "fragmented CPU", "lower", ({ utilisation }) => utilisation.fragmentation, percent),
  metric("utilisation", "CPU in use", "higher", ({ utilisation }) => utilisation.cpu, percent),
];

/**
 * What matters, in this order: with faults that pods run, then that GPUs are used, that pods find room, start soon, and
 * need few nodes.
 */
const MATTERS = ["availability", "gpu-allocation", "pending", "wait", "nodes"];

/** The metric of this name. */
export function findMetric(name: string): Metric | undefined {
  return METRICS.find((candidate) => candidate.name === name);
}

/** The metric that matters for what happened in these runs: the first in which strategies differ with some seed. */
export function metricThatMatters(results: readonly SimulationResult[]): Metric {
  const hadFaults = results.some(({ faults }) => faults.injected > 0);
  const candidates = METRICS.filter(({ name }) => MATTERS.includes(name)).slice(hadFaults ? 0 : 1);
  const bySeed = [...new Set(results.map(({ seed }) => seed))].map((seed) =>
    results.filter((result) => result.seed === seed),
  );
  const differs = ({ value }: Metric) => bySeed.some((runs) => areDifferent(runs.map(value)));
  return candidates.find(differs) ?? (candidates[0] as Metric);
}

function areDifferent([first, ...others]: readonly (number | null)[]): boolean {
  return others.some((other) =>
    first == null || other === null ? first !== other : differenceOf(first, other) !== 0,
  );
}

function gpuShare({ gpuAllocationPercent }: SimulationResult): number | null {
  return gpuAllocationPercent === null ? null : gpuAllocationPercent / 100;
}

function metric(
  name: string,
  label: string,
  better: Metric["better"],
  value: Metric["value"],
  text: Metric["text"],
): Metric {
  const differenceText = text === percent ? points : text;
  return { name, label, better, value, text, differenceText };
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(2))} %`;
}

/** Two shares lie so many hundredths apart. */
function points(difference: number): string {
  return `${Number((100 * difference).toFixed(2))} points`;
}

function amount(value: number): string {
  return String(Number(value.toFixed(Math.abs(value) < 10 ? 2 : 1)));
}

function seconds(value: number): string {
  return `${value < 0 ? "-" : ""}${formatDuration(1_000 * Math.abs(value))}`;
}
