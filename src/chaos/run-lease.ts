import { isReason } from "../api/errors.ts";
import { type Lease, leases } from "../api/kinds/lease.ts";
import { type Namespace, namespaces } from "../api/kinds/namespace.ts";
import { microTimestamp } from "../api/meta.ts";
import type { Objects } from "../api/objects.ts";
import type { Clock, Timer } from "../clock/clock.ts";
import { formatDuration } from "../lib/duration.ts";
import { ChaosRefused } from "./refusal.ts";

/** The Lease that only one chaos run holds at a time. */
export const RUN_LEASE = { namespace: "kube-system", name: "kubesim-chaos" } as const;

const LEASE_SECONDS = 15;
const RENEW_MS = 5_000;

/**
 * Makes sure that one run goes on at a time: holds the Lease `kubesim-chaos` in `kube-system` and renews it. A lease
 * whose holder stopped renewing (kill -9) is taken over.
 */
export class RunLease {
  readonly #objects: Objects;
  readonly #clock: Clock;
  readonly #runId: string;
  readonly #onLost: (reason: string) => void;
  #lease: Lease;
  #timer: Timer | undefined;
  #renewal: Promise<void> = Promise.resolve();

  private constructor(context: LeaseContext, lease: Lease) {
    this.#objects = context.objects;
    this.#clock = context.clock;
    this.#runId = context.runId;
    this.#onLost = context.onLost;
    this.#lease = lease;
  }

  /** Takes the lease, or throws ChaosRefused when another run holds it. */
  static async acquire(context: LeaseContext): Promise<RunLease> {
    const held = new RunLease(context, await takeLease(context));
    held.#timer = context.clock.every(RENEW_MS, () => {
      held.#renewal = held.#renew();
    });
    return held;
  }

  /** Gives the lease back; never fails: a lease that could not be deleted runs out by itself. */
  async release(): Promise<void> {
    this.#timer?.cancel();
    await this.#renewal;
    const { uid, resourceVersion } = this.#lease.metadata;
    try {
      await this.#objects.delete(leases, RUN_LEASE, { preconditions: { uid, resourceVersion } });
    } catch {
      // Somebody else has it by now, or the server is away.
    }
  }

  /** A server that is away is asked again at the next period; a lease that is gone or another's ends the run. */
  async #renew(): Promise<void> {
    try {
      const now = microTimestamp(this.#clock.now());
      const renewed = { ...this.#lease, spec: { ...this.#lease.spec, renewTime: now } };
      this.#lease = await this.#objects.update(leases, renewed);
    } catch (error) {
      if (isReason(error, "NotFound")) this.#lose("stopped from outside: its lease was deleted");
      else if (isReason(error, "Conflict")) await this.#check();
    }
  }

  async #check(): Promise<void> {
    const lease = await this.#objects.get(leases, RUN_LEASE).catch(() => undefined);
    if (lease === undefined) return;
    const { holderIdentity } = lease.spec;
    if (holderIdentity === this.#runId) this.#lease = lease;
    else this.#lose(`another chaos run took over: ${holderIdentity}`);
  }

  #lose(reason: string): void {
    this.#timer?.cancel();
    this.#onLost(reason);
  }
}

interface LeaseContext {
  readonly objects: Objects;
  readonly clock: Clock;
  readonly runId: string;
  /** Called once when the lease is gone; the run must end. */
  readonly onLost: (reason: string) => void;
}

async function takeLease(context: LeaseContext): Promise<Lease> {
  const { objects, clock, runId } = context;
  for (;;) {
    const there = await currentLease(objects);
    if (there !== undefined) refuseIfHeld(there, clock.now());
    const now = microTimestamp(clock.now());
    const spec = {
      holderIdentity: runId,
      leaseDurationSeconds: LEASE_SECONDS,
      acquireTime: now,
      renewTime: now,
      leaseTransitions: there === undefined ? 0 : (there.spec.leaseTransitions ?? 0) + 1,
    };
    try {
      if (there !== undefined) return await objects.update(leases, { ...there, spec });
      return await createLease(objects, spec);
    } catch (error) {
      // Somebody was faster: look again.
      if (!isReason(error, "Conflict") && !isReason(error, "AlreadyExists") && !isReason(error, "NotFound")) {
        throw error;
      }
    }
  }
}

async function createLease(objects: Objects, spec: Lease["spec"]): Promise<Lease> {
  const lease = {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { namespace: RUN_LEASE.namespace, name: RUN_LEASE.name },
    spec,
  };
  try {
    return await objects.create<Lease>(leases, lease);
  } catch (error) {
    if (!isReason(error, "NotFound")) throw error;
  }
  const namespace = {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: RUN_LEASE.namespace },
    spec: {},
    status: {},
  };
  await objects.create<Namespace>(namespaces, namespace).catch((error: unknown) => {
    if (!isReason(error, "AlreadyExists")) throw error;
  });
  return objects.create<Lease>(leases, lease);
}

async function currentLease(objects: Objects): Promise<Lease | undefined> {
  try {
    return await objects.get(leases, RUN_LEASE);
  } catch (error) {
    if (isReason(error, "NotFound")) return undefined;
    throw error;
  }
}

function refuseIfHeld(lease: Lease, nowMs: number): void {
  const { holderIdentity, renewTime, leaseDurationSeconds = LEASE_SECONDS, acquireTime } = lease.spec;
  if (!holderIdentity || renewTime === undefined) return;
  const agoMs = nowMs - Date.parse(renewTime);
  if (agoMs > leaseDurationSeconds * 1_000) return;
  const since = acquireTime === undefined ? "" : `, since ${formatDuration(nowMs - Date.parse(acquireTime))}`;
  throw new ChaosRefused(
    "busy",
    `Another chaos run is going on: ${holderIdentity}${since}`,
    "wait for its end, or stop and heal it with: kubesim chaos heal",
  );
}
