import { isReason } from "../api/errors.ts";
import {
  CLUSTER_SETTINGS_NAME,
  type ClusterSettings,
  clusterSettings,
  strategyInForce,
  timingProfileOf,
} from "../api/kinds/cluster-settings.ts";
import { type Node, nodes } from "../api/kinds/node.ts";
import type { Objects } from "../api/objects.ts";
import type { ChaosHappening } from "./events.ts";
import type { ChaosOptions } from "./options.ts";
import { ChaosRefused } from "./refusal.ts";
import { scopeOf } from "./scope.ts";

/** Who a run is. */
export interface RunIdentity {
  readonly runId: string;
  readonly seed: string;
}

/** The run's first event: what is needed to understand it later, and to repeat it. */
export async function describeRun(
  objects: Objects,
  options: ChaosOptions,
  { runId, seed }: RunIdentity,
): Promise<Extract<ChaosHappening, { type: "run-started" }>> {
  const settings = await settingsOf(objects);
  const started = { type: "run-started", schemaVersion: 1, runId, seed, options } as const;
  if (settings === undefined) return started;
  const { name, heartbeatMs, graceMs, checkMs, reschedulesBarePods } = timingProfileOf(settings);
  const timing = { profile: name, heartbeatMs, graceMs, checkMs, reschedulesBarePods };
  return { ...started, timing, strategy: strategyInForce(settings) };
}

/** All nodes of the cluster. Throws ChaosRefused when chaos may hurt none of them. */
export async function nodesToHurt(objects: Objects, options: ChaosOptions): Promise<readonly Node[]> {
  const { items } = await objects.list(nodes);
  if (items.length === 0) {
    throw new ChaosRefused(
      "no-nodes",
      "The cluster has no nodes",
      "add some with: kubesim nodes add --cpu 4 --count 5",
    );
  }
  if (items.some(scopeOf(options))) return items;
  throw new ChaosRefused(
    "no-nodes",
    `None of the ${items.length} nodes may be hurt`,
    "look at --select, --nodes and --exclude, and for the label chaos.kubesim/protected=true",
  );
}

async function settingsOf(objects: Objects): Promise<ClusterSettings | undefined> {
  try {
    return await objects.get(clusterSettings, { name: CLUSTER_SETTINGS_NAME });
  } catch (error) {
    if (isReason(error, "NotFound")) return undefined;
    throw error;
  }
}
