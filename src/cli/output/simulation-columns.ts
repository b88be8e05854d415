import { formatDuration } from "../../lib/duration.ts";
import type { SimulationResult } from "../../simulate/result.ts";

/** A figure of a run. */
export interface SimulationColumn {
  /** Of tables. */
  readonly header: string;
  /** Of CSV, where it is called as in JSON. */
  readonly name: string;
  readonly value: (result: SimulationResult) => string | number | null;
  /** A number as tables show it; columns without it have no mean. */
  readonly text?: (value: number) => string;
  /** Only the most asked for; -o wide and CSV have all. */
  readonly inTable: boolean;
  /** True for a run of which it tells nothing. */
  readonly isEmpty?: (result: SimulationResult) => boolean;
}

type Value = SimulationColumn["value"];
const hadNoFaults = ({ faults }: SimulationResult) => faults.injected === 0;

/** Every figure but the timeline, in order. */
export const SIMULATION_COLUMNS: readonly SimulationColumn[] = [
  plain("STRATEGY", "strategy", (result) => result.strategy, true),
  plain("SEED", "seed", (result) => result.seed, true),
  plain("QUEUE", "queue", (result) => result.queue),
  {
    ...plain("STATUS", "status", ({ status }) => status, true),
    isEmpty: ({ status }) => status === "completed",
  },
  shown("PODS", "pods", (result) => result.pods, amount),
  shown("PLACED", "placed", (result) => result.placed, amount),
  shown("PENDING", "pending", (result) => result.pending, amount),
  more("NEVER FITTING", "neverFitting", (result) => result.neverFitting, amount),
  {
    ...shown("FINISHED", "finished", ({ finished }) => finished, amount),
    isEmpty: ({ finished }) => finished === 0,
  },
  shown("NODES", "nodesUsed", (result) => result.nodesUsed, amount),
  shown("CPU", "cpuUtilisation", (result) => result.utilisation.cpu, percent),
  more("MEMORY", "memoryUtilisation", (result) => result.utilisation.memory, percent),
  {
    ...shown("GPU", "gpuAllocationPercent", (result) => result.gpuAllocationPercent, hundredths),
    isEmpty: ({ gpuAllocationPercent }) => gpuAllocationPercent === null,
  },
  shown("FRAGMENTED", "fragmentation", (result) => result.utilisation.fragmentation, percent),
  more("WAITED", "waited", (result) => result.waited, amount),
  shown("MEAN WAIT", "meanWaitSeconds", ({ waits }) => waits?.meanSeconds ?? null, seconds),
  more("P50 WAIT", "p50WaitSeconds", ({ waits }) => waits?.p50Seconds ?? null, seconds),
  shown("P95 WAIT", "p95WaitSeconds", ({ waits }) => waits?.p95Seconds ?? null, seconds),
  more("P99 WAIT", "p99WaitSeconds", ({ waits }) => waits?.p99Seconds ?? null, seconds),
  more("MAX WAIT", "maxWaitSeconds", ({ waits }) => waits?.maxSeconds ?? null, seconds),
  more("SLOWDOWN", "boundedSlowdown", ({ waits }) => waits?.boundedSlowdown ?? null, ratio),
  shown("MAKESPAN", "makespanSeconds", (result) => result.makespanSeconds, seconds),
  more("FAULTS", "faults", ({ faults }) => faults.injected, amount),
  { ...shown("EVICTIONS", "evictions", ({ faults }) => faults.evictions, amount), isEmpty: hadNoFaults },
  more("MTTD", "mttdSeconds", ({ faults }) => faults.mttdSeconds, seconds),
  shown("MTTR", "mttrSeconds", ({ faults }) => faults.mttrSeconds, seconds),
  more("NODES UP", "availability", ({ faults }) => faults.availability, percent),
  {
    ...shown("AVAILABILITY", "podAvailability", ({ faults }) => faults.podAvailability, percent),
    isEmpty: hadNoFaults,
  },
  more("UNSCHEDULABLE", "unschedulableSeconds", ({ faults }) => faults.unschedulableSeconds, seconds),
  more("VIOLATIONS", "invariantViolations", (result) => result.invariantViolations, amount),
  plain("PLACEMENT", "placementSha256", (result) => result.placementSha256, true),
  plain("STARTS", "startSha256", (result) => result.startSha256),
  plain("EVENT LOG", "eventLogSha256", (result) => result.eventLogSha256),
];

function plain(header: string, name: string, value: Value, inTable = false): SimulationColumn {
  return { header, name, value, inTable };
}

function shown(
  header: string,
  name: string,
  value: Value,
  text: (value: number) => string,
): SimulationColumn {
  return { header, name, value, text, inTable: true };
}

function more(header: string, name: string, value: Value, text: (value: number) => string): SimulationColumn {
  return { header, name, value, text, inTable: false };
}

function amount(value: number): string {
  return String(Number(value.toFixed(1)));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

function hundredths(percent: number): string {
  return `${percent.toFixed(2)}%`;
}

function seconds(value: number): string {
  return formatDuration(1_000 * value);
}

function ratio(value: number): string {
  return value.toFixed(3);
}
