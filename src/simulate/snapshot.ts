import { holdsState } from "../api/holds-state.ts";
import { CLUSTER_CLOCK_NAME, clusterClocks } from "../api/kinds/cluster-clock.ts";
import type { Objects } from "../api/objects.ts";
import { KINDS } from "../api/registry.ts";
import { type PrivateCluster, startPrivateCluster } from "../cluster/private-cluster.ts";
import { recordKey } from "../store/keys.ts";
import { MemoryStore } from "../store/memory.ts";
import type { StoredRecord } from "../store/store.ts";

/** A cluster's state at one moment: all that it decides by. */
export interface Snapshot {
  /** The cluster's version. */
  readonly revision: number;
  /** The cluster's time, in ms since the epoch. */
  readonly timeMs: number;
  readonly records: readonly StoredRecord[];
}

/** A cluster that changes while it is read is read again, so often at most. */
const TRIES = 5;

/**
 * Reads the state of a cluster over its API; only reads. All lists are of one version where the cluster holds still for
 * a moment, else of versions close together. Events are left out: nothing is decided by them.
 */
export async function takeSnapshot(objects: Objects): Promise<Snapshot> {
  for (let attempt = 1; ; attempt++) {
    const { snapshot, isOfOneVersion } = await readAll(objects);
    if (isOfOneVersion || attempt === TRIES) return snapshot;
  }
}

/** A private cluster that goes on from there: same uids, same places in the queue, pods stay where they run. */
export function restoreSnapshot({ revision, records, timeMs }: Snapshot): Promise<PrivateCluster> {
  const store = new MemoryStore({ start: { revision, records } });
  return startPrivateCluster({ settings: {}, startMs: timeMs, store });
}

async function readAll(objects: Objects): Promise<{ snapshot: Snapshot; isOfOneVersion: boolean }> {
  const kinds = KINDS.filter(holdsState);
  const clock = await objects.get(clusterClocks, { name: CLUSTER_CLOCK_NAME });
  const lists = await Promise.all(kinds.map((kind) => objects.list(kind)));
  const records = lists.flatMap((list, index) =>
    list.items.map((value) => ({
      key: recordKey(kinds[index] as (typeof kinds)[number], value.metadata),
      value,
      revision: Number(value.metadata.resourceVersion),
    })),
  );
  const versions = lists.map(({ resourceVersion }) => Number(resourceVersion));
  const revision = Math.max(...versions, ...records.map((record) => record.revision));
  const snapshot = { revision, timeMs: Date.parse(clock.status.time), records };
  return { snapshot, isOfOneVersion: versions.every((version) => version === versions[0]) };
}
