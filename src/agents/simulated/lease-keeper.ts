import { isReason } from "../../api/errors.ts";
import { type Lease, lastRenewalMs, leases, renewalPeriodMs } from "../../api/kinds/lease.ts";
import type { Node } from "../../api/kinds/node.ts";
import { type Draft, microTimestamp } from "../../api/meta.ts";
import { Annotation, NODE_LEASE_NAMESPACE } from "../../api/well-known.ts";
import type { Host } from "./host.ts";
import { Writer } from "./writer.ts";

/** A kubelet renews four times within the duration of its Lease. */
const RENEWALS_PER_DURATION = 4;

type Wanted = "renewing" | "stopped" | "removed";

/**
 * One node's Lease. While the node is well nothing is written: the Lease says since when and how often it is renewed
 * (see api/kinds/lease.ts). When the node stops, the last renewal it made is written once.
 */
export class LeaseKeeper {
  readonly #host: Host;
  readonly #nodeName: string;
  readonly #phase: number;
  readonly #writer: Writer;
  #wanted: Wanted = "removed";
  #node: Node | undefined;
  #firstRenewalMs = 0;
  #periodMs = 0;
  #lastRenewal: string | undefined;

  constructor(host: Host, nodeName: string) {
    this.#host = host;
    this.#nodeName = nodeName;
    this.#phase = host.random.stream(`lease-phase/${nodeName}`).next();
    this.#writer = new Writer(host, () => this.#write());
  }

  /** Renews from now on. Nodes renew at instants of their own within the period, not all together. */
  renew(node: Node): void {
    this.#node = node;
    this.#periodMs = this.#host.profile().heartbeatMs;
    this.#firstRenewalMs = this.#host.clock.now() - Math.floor(this.#phase * this.#periodMs);
    this.#want("renewing");
  }

  /** Follows a change of the timing profile. */
  followProfile(): void {
    if (this.#wanted !== "renewing" || this.#node === undefined) return;
    if (this.#periodMs !== this.#host.profile().heartbeatMs) this.renew(this.#node);
  }

  /** Stops renewing; the Lease stays with the last renewal that was made. */
  stop(): void {
    if (this.#wanted === "renewing") {
      const elapsedMs = Math.max(0, this.#host.clock.now() - this.#firstRenewalMs);
      const renewals = Math.floor(elapsedMs / this.#periodMs);
      this.#lastRenewal = microTimestamp(this.#firstRenewalMs + renewals * this.#periodMs);
    }
    this.#want("stopped");
  }

  /** The node is gone, and its Lease with it. */
  remove(): void {
    this.#want("removed");
  }

  #want(wanted: Wanted): void {
    this.#wanted = wanted;
    this.#writer.request();
  }

  async #write(): Promise<void> {
    const { objects } = this.#host;
    const key = { namespace: NODE_LEASE_NAMESPACE, name: this.#nodeName };
    try {
      if (this.#wanted === "removed") {
        await objects.delete(leases, key);
        return;
      }
      const before = await objects.get(leases, key);
      const after = this.#wanted === "renewing" ? this.#renewing(before) : this.#stopped(before);
      if (after !== before) await objects.update(leases, after);
    } catch (error) {
      if (isReason(error, "Conflict")) this.#writer.request();
      else if (!isReason(error, "NotFound")) throw error;
      else if (this.#wanted === "renewing") await objects.create(leases, this.#fresh());
    }
  }

  #fresh(): Draft<Lease> {
    const node = this.#node as Node;
    return {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: {
        name: this.#nodeName,
        namespace: NODE_LEASE_NAMESPACE,
        annotations: { [Annotation.renewsEvery]: String(this.#periodMs) },
        ownerReferences: [{ apiVersion: "v1", kind: "Node", name: this.#nodeName, uid: node.metadata.uid }],
      },
      spec: this.#spec(),
    };
  }

  #renewing(before: Lease): Lease {
    const { annotations, ownerReferences } = this.#fresh().metadata;
    const isKept =
      before.spec.holderIdentity === this.#nodeName &&
      renewalPeriodMs(before) === this.#periodMs &&
      before.metadata.ownerReferences?.[0]?.uid === this.#node?.metadata.uid;
    if (isKept) {
      // A restarted agent goes on with the renewals that are being shown.
      this.#firstRenewalMs = lastRenewalMs(before, this.#host.clock.now()) ?? this.#firstRenewalMs;
      return before;
    }
    return {
      ...before,
      metadata: {
        ...before.metadata,
        annotations: { ...before.metadata.annotations, ...annotations },
        ...(ownerReferences && { ownerReferences }),
      },
      spec: { ...before.spec, ...this.#spec() },
    };
  }

  #stopped(before: Lease): Lease {
    if (renewalPeriodMs(before) === undefined) return before;
    const { [Annotation.renewsEvery]: _, ...annotations } = before.metadata.annotations ?? {};
    // Without one of its own (the agent was restarted meanwhile): the renewal that readers were shown last.
    const renewTime = this.#lastRenewal ?? before.spec.renewTime;
    return {
      ...before,
      metadata: { ...before.metadata, annotations },
      spec: { ...before.spec, ...(renewTime !== undefined && { renewTime }) },
    };
  }

  #spec(): Lease["spec"] {
    return {
      holderIdentity: this.#nodeName,
      leaseDurationSeconds: Math.max(1, Math.round((this.#periodMs * RENEWALS_PER_DURATION) / 1_000)),
      renewTime: microTimestamp(this.#firstRenewalMs),
    };
  }
}
