/**
 * A statement about the cluster that holds or does not: `running>=95%`, `unschedulable==0 for 10s`.
 *
 * Grammar (spaces are free):
 *
 *     condition  =  [ severity ":" ] metric operator number [ "%" ] [ "for" duration ]
 *     severity   =  "critical" | "warning"                       (default critical)
 *     metric     =  a name of METRICS
 *     operator   =  ">=" | "<=" | ">" | "<" | "==" | "!="
 *     duration   =  as everywhere: 10, 10s, 1m30s, 250ms
 *
 * With `for` it holds only when the comparison has been true without a break for that long.
 */
export interface Condition {
  /** As it was written. */
  readonly text: string;
  readonly severity: Severity;
  readonly metric: MetricName;
  readonly operator: Operator;
  readonly value: number;
  /** The value is a percentage of the metric's whole. */
  readonly percent: boolean;
  /** 0 without `for`. */
  readonly forMs: number;
}

export type Severity = "critical" | "warning";
export type Operator = ">=" | "<=" | ">" | "<" | "==" | "!=";

/**
 * What conditions may speak of. `of`: what a percentage is of; `shareOnly`: has no count of its own; `bad`:
 * the less the better, so that of nothing at all it is 0 % and not 100 %.
 */
export const METRICS = {
  running: { of: "pods", summary: "pods that the API shows as Running" },
  alive: { of: "pods", summary: "pods that truly run: Running, on a node that is truly up" },
  pending: { of: "pods", bad: true, summary: "pods that wait for a node or for their start" },
  unschedulable: { of: "pods", bad: true, summary: "pods that fit on no node" },
  ready: { of: "nodes", summary: "nodes that the API shows as Ready" },
  up: { of: "nodes", summary: "nodes that are truly up" },
  down: { of: "nodes", bad: true, summary: "nodes that are truly down" },
  availability: { of: "nodes", shareOnly: true, summary: "share of nodes that are truly up" },
  capacity: { of: "CPU", shareOnly: true, summary: "share of allocatable CPU on nodes that are truly up" },
} as const satisfies Record<string, Metric>;

interface Metric {
  readonly of: string;
  readonly shareOnly?: boolean;
  readonly bad?: boolean;
  readonly summary: string;
}

export type MetricName = keyof typeof METRICS;

/** A metric now: how many, of how many. */
export interface Reading {
  readonly count: number;
  readonly whole: number;
}

/** The reading in the condition's unit: a count, or a percentage. */
export function readingValue(condition: Condition, reading: Reading): number {
  if (!condition.percent) return reading.count;
  if (reading.whole > 0) return (100 * reading.count) / reading.whole;
  return "bad" in METRICS[condition.metric] ? 0 : 100;
}

/** Compares a value of `readingValue` with the condition's number; says nothing about `for`. */
export function compares(condition: Condition, value: number): boolean {
  switch (condition.operator) {
    case ">=":
      return value >= condition.value;
    case "<=":
      return value <= condition.value;
    case ">":
      return value > condition.value;
    case "<":
      return value < condition.value;
    case "==":
      return value === condition.value;
    case "!=":
      return value !== condition.value;
  }
}

/** The worse of two values: the one further on the wrong side of the comparison. */
export function worse(condition: Condition, a: number, b: number): number {
  if (condition.operator === ">=" || condition.operator === ">") return Math.min(a, b);
  if (condition.operator === "<=" || condition.operator === "<") return Math.max(a, b);
  const distance = (value: number) => Math.abs(value - condition.value);
  const further = distance(a) >= distance(b) ? a : b;
  const nearer = further === a ? b : a;
  return condition.operator === "==" ? further : nearer;
}
