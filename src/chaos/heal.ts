import { isReason } from "../api/errors.ts";
import { leases } from "../api/kinds/lease.ts";
import { type NodeFault, nodeFaults } from "../api/kinds/node-fault.ts";
import type { Objects } from "../api/objects.ts";
import { Label } from "../api/well-known.ts";
import type { Clock } from "../clock/clock.ts";
import { RUN_LEASE } from "./run-lease.ts";

/** Told of each fault before and after it is removed. */
interface HealObserver {
  readonly removing?: (fault: NodeFault) => void;
  readonly removed?: (fault: NodeFault) => void;
}

/** Writes in flight at a time. */
const BATCH = 250;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2_000;
const GIVE_UP_MS = 30_000;

/**
 * Removes every NodeFault that a chaos run left behind (with `all`: every NodeFault, `nodes kill` included) and the
 * lease, which ends a run that is still going on. Returns the faults removed. Fails only as Objects does.
 */
export async function healAll(
  objects: Objects,
  options: { readonly all?: boolean } = {},
): Promise<readonly NodeFault[]> {
  // First the lease: a run that still lives stops injecting.
  await objects.delete(leases, RUN_LEASE).catch(ignoreNotFound);
  const healed: NodeFault[] = [];
  for (;;) {
    const left = await faultsOf(objects, options.all === true ? undefined : Label.chaosRun);
    if (left.length === 0) return healed;
    await removeFaults(objects, left, { removed: (fault) => healed.push(fault) });
  }
}

/**
 * Removes all faults of one run, again and again for a bounded time when the server is away.
 * @returns false when it gave up.
 */
export async function healRun(
  objects: Objects,
  clock: Clock,
  runId: string,
  observer: HealObserver,
): Promise<boolean> {
  const giveUpMs = clock.monotonicMs() + GIVE_UP_MS;
  for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS)) {
    try {
      const left = await faultsOf(objects, `${Label.chaosRun}=${runId}`);
      if (left.length === 0) return true;
      await removeFaults(objects, left, observer);
    } catch {
      if (clock.monotonicMs() + retryMs > giveUpMs) return false;
      await clock.sleep(retryMs);
    }
  }
}

/** Removes the faults that runs before this one left behind. Returns how many. */
export async function healLeftovers(objects: Objects, runId: string): Promise<number> {
  const left = await faultsOf(objects, `${Label.chaosRun},${Label.chaosRun}!=${runId}`);
  await removeFaults(objects, left, {});
  return left.length;
}

/** Runs the work on all items, so many at a time, in their order. */
export async function inBatches<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += BATCH) {
    await Promise.all(items.slice(start, start + BATCH).map(work));
  }
}

async function faultsOf(objects: Objects, labelSelector: string | undefined): Promise<readonly NodeFault[]> {
  const list = await objects.list(nodeFaults, labelSelector === undefined ? {} : { labelSelector });
  return list.items;
}

async function removeFaults(
  objects: Objects,
  faults: readonly NodeFault[],
  observer: HealObserver,
): Promise<void> {
  await inBatches(faults, async (fault) => {
    observer.removing?.(fault);
    await objects.delete(nodeFaults, { name: fault.metadata.name }).catch(ignoreNotFound);
    observer.removed?.(fault);
  });
}

function ignoreNotFound(error: unknown): void {
  if (!isReason(error, "NotFound")) throw error;
}
