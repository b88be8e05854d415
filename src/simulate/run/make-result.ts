import { DEVICE_MILLI, GPU_MILLI } from "../../api/gpu.ts";
import { resourceAmount } from "../../api/quantity.ts";
import type { Ledger } from "../../chaos/ledger.ts";
import type { ChaosReport } from "../../chaos/report/report.ts";
import type { EventHash } from "../../recording/event-hash.ts";
import type { EventNotApplied, FaultStatistics, SimulationResult } from "../result.ts";
import type { NodeSource } from "../scenario/scenario.ts";
import type { PodBook } from "./pod-book.ts";
import type { UsageBook } from "./usage-book.ts";

interface Measured {
  readonly strategy: string;
  readonly seed: string;
  readonly queue: string;
  readonly isWhole: boolean;
  readonly simulatedMs: number;
  readonly pods: PodBook;
  readonly usage: UsageBook;
  readonly report: ChaosReport;
  readonly hash: EventHash;
  readonly ledger: Ledger;
  readonly onDemand: readonly NodeSource[];
  readonly notApplied: readonly EventNotApplied[];
}

/** Puts together what the books of a run say. */
export function makeResult(measured: Measured): SimulationResult {
  const { pods, usage, report, hash, isWhole } = measured;
  const placement = pods.placement();
  const starts = pods.starts();
  const violations = report.invariants.filter(({ holds }) => !holds);
  return {
    strategy: measured.strategy,
    seed: measured.seed,
    queue: measured.queue,
    status: isWhole ? "completed" : "partial",
    simulatedSeconds: measured.simulatedMs / 1_000,
    pods: pods.size,
    placed: placement.placed,
    pending: pods.size - placement.placed,
    neverFitting: neverFitting(measured),
    finished: placement.finished,
    nodesUsed: placement.nodesUsed,
    placementSha256: placement.sha256,
    waited: starts.waited,
    totalWaitSeconds: starts.totalWaitMs / 1_000,
    makespanSeconds: starts.makespanMs === null ? null : starts.makespanMs / 1_000,
    startSha256: starts.sha256,
    waits: pods.waits(),
    utilisation: usage.utilisation(),
    gpuAllocationPercent: gpuAllocationPercent(measured.ledger),
    faults: faultsOf(report),
    eventsNotApplied: measured.notApplied,
    timeline: usage.timeline(),
    invariantViolations: violations.length,
    violations: violations.map(({ name, summary, value, unit }) => `${name} (${summary}): ${value} ${unit}`),
    events: hash.count,
    eventLogSha256: hash.digest(),
  };
}

function gpuAllocationPercent({ nodes }: Ledger): number | null {
  let [given, total] = [0, 0];
  for (const { used, allocatable } of nodes.values()) {
    given += used.get(GPU_MILLI) ?? 0;
    total += allocatable[GPU_MILLI] ?? 0;
  }
  return total === 0 ? null : (100 * given) / total;
}

function faultsOf(report: ChaosReport): FaultStatistics {
  const { faults, detection, serviceRecovery, availability, pods } = report;
  const seconds = (ms: number | undefined) => (ms === undefined ? null : ms / 1_000);
  return {
    injected: faults.injected + faults.foreign,
    detected: faults.detected,
    evictions: pods.evictions,
    mttdSeconds: seconds(detection?.meanMs),
    mttrSeconds: seconds(serviceRecovery.recovered?.meanMs),
    availability: availability.nodes,
    podAvailability: availability.pods,
    unschedulableSeconds: pods.unschedulableMs / 1_000,
  };
}

/** Pods that wait and are larger than every node that there is or could be. */
function neverFitting({ pods, ledger, onDemand }: Measured): number {
  const names = new Set(pods.pending());
  if (names.size === 0) return 0;
  const nodes = [...ledger.nodes.values()].map(({ allocatable }) => allocatable);
  for (const source of onDemand) {
    if ("file" in source || !source.onDemand) continue;
    const [cpu, memory] = [resourceAmount("cpu", source.cpu), resourceAmount("memory", source.memory)];
    const gpu = source.gpu * DEVICE_MILLI;
    nodes.push({ cpu, memory, [GPU_MILLI]: gpu, pods: Number.POSITIVE_INFINITY });
  }
  let count = 0;
  for (const { pod, requests } of ledger.pods.values()) {
    if (!names.has(pod)) continue;
    const wants = Object.entries(requests);
    const fits = nodes.some((node) => wants.every(([name, amount]) => amount <= (node[name] ?? 0)));
    if (!fits) count++;
  }
  return count;
}
