import { type CoordinationV1Api, type V1Lease, V1MicroTime } from "@kubernetes/client-node";

const NAMESPACE = "default";
const NAME = "leader";
const LEASE_SECONDS = 3;
const RETRY_MS = 100;

/** One who wants to lead, as in client-go's leaderelection: renews its Lease, or takes one that has run out. */
export class Candidate {
  readonly #leases: CoordinationV1Api;
  readonly #identity: string;
  #timer: NodeJS.Timeout | undefined;
  #isDead = false;
  /** The Lease as it was last seen to change, and when; clocks of others are not trusted. */
  #seen: { readonly version: string | undefined; readonly atMs: number } | undefined;
  isLeading = false;

  constructor(leases: CoordinationV1Api, identity: string) {
    this.#leases = leases;
    this.#identity = identity;
  }

  start(): void {
    void this.#round();
  }

  async untilLeading(): Promise<void> {
    this.start();
    while (!this.isLeading) await new Promise((resolve) => setTimeout(resolve, RETRY_MS / 2));
  }

  /** Stops without giving the Lease back. */
  kill(): void {
    this.#isDead = true;
    clearTimeout(this.#timer);
  }

  async #round(): Promise<void> {
    try {
      this.isLeading = await this.#acquireOrRenew();
    } catch {
      this.isLeading = false;
    }
    if (!this.#isDead) this.#timer = setTimeout(() => void this.#round(), RETRY_MS);
  }

  async #acquireOrRenew(): Promise<boolean> {
    const lease = await this.#read();
    if (lease === undefined) {
      await this.#leases.createNamespacedLease({ namespace: NAMESPACE, body: this.#claim(undefined) });
      return true;
    }
    const version = lease.metadata?.resourceVersion;
    if (this.#seen?.version !== version) this.#seen = { version, atMs: Date.now() };
    const isOurs = lease.spec?.holderIdentity === this.#identity;
    const hasRunOut = Date.now() - (this.#seen?.atMs ?? 0) > LEASE_SECONDS * 1_000;
    if (!isOurs && !hasRunOut) return false;
    // The version of what was read is in the body, so that of two who try one is refused.
    await this.#leases.replaceNamespacedLease({ namespace: NAMESPACE, name: NAME, body: this.#claim(lease) });
    return true;
  }

  async #read(): Promise<V1Lease | undefined> {
    try {
      return await this.#leases.readNamespacedLease({ namespace: NAMESPACE, name: NAME });
    } catch (error) {
      if ((error as { readonly code?: number }).code === 404) return undefined;
      throw error;
    }
  }

  #claim(lease: V1Lease | undefined): V1Lease {
    const now = new V1MicroTime();
    const isOurs = lease?.spec?.holderIdentity === this.#identity;
    const transitions = lease?.spec?.leaseTransitions ?? 0;
    const acquireTime = isOurs ? lease?.spec?.acquireTime : now;
    return {
      metadata: lease?.metadata ?? { name: NAME },
      spec: {
        holderIdentity: this.#identity,
        leaseDurationSeconds: LEASE_SECONDS,
        ...(acquireTime && { acquireTime }),
        renewTime: now,
        leaseTransitions: lease === undefined || isOurs ? transitions : transitions + 1,
      },
    };
  }
}
