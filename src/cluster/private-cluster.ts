import type { RunningPod } from "../agents/agent.ts";
import type { ClusterSettings } from "../api/kinds/cluster-settings.ts";
import type { Objects } from "../api/objects.ts";
import { DEFAULT_START_MS, VirtualClock } from "../clock/virtual.ts";
import { MemoryStore } from "../store/memory.ts";
import type { Store } from "../store/store.ts";
import { startControlPlane } from "./control-plane.ts";

export interface PrivateClusterOptions {
  readonly settings: Partial<ClusterSettings["spec"]>;
  /** Where virtual time begins. */
  readonly startMs?: number;
  /** What has passed on its clock when it starts, since `startMs`; 0 unless given. */
  readonly elapsedMs?: number;
  /** As in ControlPlaneOptions. */
  readonly chance?: string;
  readonly schedulerChance?: string | undefined;
  /** A store with what is to be there from the start; empty unless given. */
  readonly store?: Store;
}

/** A whole cluster of one's own in virtual time: nobody else reaches it, nothing is left of it. */
export interface PrivateCluster {
  readonly clock: VirtualClock;
  readonly objects: Objects;
  readonly store: Store;
  /** What its parts could not handle: defects of kubesim. */
  readonly errors: readonly { readonly part: string; readonly error: unknown }[];
  runningPods(): readonly RunningPod[];
  stop(): void;
}

/** Starts one; it stands at its first instant. */
export async function startPrivateCluster({
  settings,
  startMs = DEFAULT_START_MS,
  elapsedMs = 0,
  chance,
  schedulerChance,
  store = new MemoryStore(),
}: PrivateClusterOptions): Promise<PrivateCluster> {
  const clock = new VirtualClock(startMs, elapsedMs);
  const errors: { part: string; error: unknown }[] = [];
  const onError = (part: string, error: unknown) => void errors.push({ part, error });
  const { objects, runningPods, stop } = await startControlPlane({
    store,
    clock,
    settings,
    chance,
    schedulerChance,
    onError,
  });
  return { clock, objects, store, errors, runningPods, stop };
}
