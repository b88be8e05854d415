import type { ClusterClock } from "../api/kinds/cluster-clock.ts";
import { type ClusterSettings, strategyInForce, timingProfileOf } from "../api/kinds/cluster-settings.ts";
import { isNodeReady, type Node } from "../api/kinds/node.ts";
import type { NodeFault } from "../api/kinds/node-fault.ts";
import type { Pod } from "../api/kinds/pod.ts";
import { type Amounts, totalUse, useByNode } from "./capacity.ts";

/** The cluster at a glance; what `kubesim status -o json` prints. Amounts: cpu in milli, memory in bytes, counts. */
export interface StatusSummary {
  /** Absent for a server that is not this machine's. */
  readonly cluster?: string;
  readonly server: string;
  /** The one in force. */
  readonly strategy: string;
  /** Why it is another than the one that is asked for. */
  readonly strategyRefused?: string;
  readonly timingProfile: string;
  readonly timing: string;
  readonly seed: string;
  /** The cluster's time. */
  readonly clock?: { readonly mode: string; readonly time: string; readonly elapsed?: string };
  readonly nodes: {
    readonly total: number;
    readonly ready: number;
    readonly notReady: number;
    readonly cordoned: number;
  };
  readonly pods: { readonly total: number; readonly byPhase: Readonly<Record<string, number>> };
  readonly capacity: Readonly<
    Record<string, { readonly used: number; readonly free: number; readonly total: number }>
  >;
  readonly faults: {
    readonly total: number;
    readonly nodes: readonly string[];
    readonly chaosRuns: readonly string[];
  };
}

/** What the summary is made of. */
export interface StatusParts {
  readonly cluster: string | undefined;
  readonly url: string;
  readonly settings: ClusterSettings;
  readonly clock: ClusterClock | undefined;
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
  readonly faults: readonly NodeFault[];
}

/** Counts. Free room is that of nodes which are ready. */
export function summarize({
  cluster,
  url,
  settings,
  clock,
  nodes,
  pods,
  faults,
}: StatusParts): StatusSummary {
  const uses = useByNode(nodes, pods);
  const ready = nodes.filter(isNodeReady);
  const readyUse = totalUse(
    ready.map((node) => uses.get(node.metadata.name)).filter((use) => use !== undefined),
  );
  const allUse = totalUse(uses.values());
  const origins = new Set(faults.map((fault) => fault.spec.origin).filter((origin) => origin !== "user"));
  const timing = timingProfileOf(settings);
  return {
    ...(cluster !== undefined && { cluster }),
    server: url,
    strategy: strategyInForce(settings),
    ...(settings.status !== undefined && { strategyRefused: settings.status.message }),
    timingProfile: timing.name,
    timing: timing.summary,
    seed: settings.spec.seed,
    ...(clock && { clock: clockSummary(clock) }),
    nodes: {
      total: nodes.length,
      ready: ready.length,
      notReady: nodes.length - ready.length,
      cordoned: nodes.filter((node) => node.spec.unschedulable === true).length,
    },
    pods: { total: pods.length, byPhase: byPhase(pods) },
    capacity: capacityOf(
      allUse.allocatable,
      allUse.requested,
      readyUse.allocatable,
      readyUse.requested,
      readyUse.pods,
    ),
    faults: {
      total: faults.length,
      nodes: [...new Set(faults.map((fault) => fault.spec.nodeName))].sort(),
      chaosRuns: [...origins].filter((origin) => origin !== undefined).sort(),
    },
  };
}

function clockSummary({ spec, status }: ClusterClock): NonNullable<StatusSummary["clock"]> {
  const { time, elapsed } = status;
  return { mode: spec.mode, time, ...(elapsed !== undefined && { elapsed }) };
}

function byPhase(pods: readonly Pod[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const phase of ["Running", "Pending", "Succeeded", "Failed"]) {
    const count = pods.filter((pod) => pod.status.phase === phase).length;
    if (count > 0) counts[phase] = count;
  }
  return counts;
}

function capacityOf(
  total: Amounts,
  used: Amounts,
  readyTotal: Amounts,
  readyUsed: Amounts,
  readyPods: number,
): StatusSummary["capacity"] {
  const capacity: Record<string, { used: number; free: number; total: number }> = {};
  for (const [name, amount] of Object.entries(total)) {
    const usedHere = name === "pods" ? readyPods : (readyUsed[name] ?? 0);
    capacity[name] = {
      used: name === "pods" ? readyPods : (used[name] ?? 0),
      free: (readyTotal[name] ?? 0) - usedHere,
      total: amount,
    };
  }
  return capacity;
}
