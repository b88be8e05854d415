import { deepEqual } from "../../api/deep-equal.ts";
import type { Kind } from "../../api/kind.ts";
import { type Pod, pods } from "../../api/kinds/pod.ts";
import { type ReplicaSet, replicaSets } from "../../api/kinds/replica-set.ts";
import type { LabelSelector } from "../../api/label-selector.ts";
import { OWN_STATUS } from "../../api/objects.ts";
import { controllerOf } from "../../api/owner-references.ts";
import type { ControllerContext } from "../controller.ts";
import { OwnedObjects } from "../owned-objects.ts";
import { BurstRecorder } from "../workloads/burst-recorder.ts";
import { claimObjects } from "../workloads/claim.ts";
import { OwnerQueue } from "../workloads/owner-queue.ts";
import { isNamespaceEnding, PodControl } from "../workloads/pod-control.ts";
import { availableAtMs, isActive } from "../workloads/pod-readiness.ts";
import { countByNode, inDeletionOrder } from "./deletion-order.ts";
import { replicaSetStatus, type Trouble } from "./replica-set-status.ts";
import { type Counts, Tally } from "./tally.ts";

/** Pods that one look creates or deletes at most (kube-controller-manager's burst). */
const BURST = 500;

/** What the loop runs: ReplicaSets, or ReplicationControllers, which differ in kind and in how they select. */
export interface Replicated {
  readonly kind: Kind<ReplicaSet>;
  /** Who reports events. */
  readonly component: string;
  readonly selectorOf: (owner: ReplicaSet) => LabelSelector;
}

/** ReplicaSets themselves. */
export const REPLICA_SETS: Replicated = {
  kind: replicaSets,
  component: "replicaset-controller",
  selectorOf: ({ spec }) => spec.selector,
};

/** The loop of the replica-set controller. */
export class ReplicaSetLoop {
  readonly #context: ControllerContext;
  readonly #replicated: Replicated;
  readonly #queue: OwnerQueue<ReplicaSet>;
  readonly #control: PodControl<ReplicaSet>;
  readonly #tally: Tally;
  readonly #leave: (() => void)[] = [];
  #owned: OwnedObjects<ReplicaSet> | undefined;

  constructor(context: ControllerContext, replicated: Replicated = REPLICA_SETS) {
    this.#context = context;
    this.#replicated = replicated;
    this.#tally = new Tally(replicated.kind.kind);
    const { kind, component, selectorOf } = replicated;
    this.#queue = new OwnerQueue(context, {
      kind,
      sync: (replicaSet) => this.#sync(replicaSet),
      selectorOf,
      forget: (uid) => this.#tally.forget(uid),
    });
    const recorder = new BurstRecorder(context, component);
    this.#control = new PodControl(context, kind, this.#queue, recorder);
  }

  async start(): Promise<void> {
    const { view } = this.#context;
    this.#leave.push(view.pods.join({ changed: (before, after) => this.#tally.changed(before, after) }));
    this.#owned = new OwnedObjects(await view.follow(this.#replicated.kind));
    this.#queue.followChildren(view.pods);
    await this.#queue.start();
  }

  stop(): void {
    for (const leave of this.#leave) leave();
    this.#queue.stop();
  }

  async #sync(replicaSet: ReplicaSet): Promise<void> {
    const { objects, view } = this.#context;
    const { kind, selectorOf } = this.#replicated;
    const claim = { objects, ownerKind: kind, kind: pods, owned: view.ownedPods, queue: this.#queue };
    if (await claimObjects(claim, replicaSet, selectorOf(replicaSet), isActive)) return;
    let trouble: Trouble | undefined;
    if (replicaSet.metadata.deletionTimestamp === undefined) trouble = await this.#scale(replicaSet);
    await this.#writeStatus(replicaSet, trouble);
    if (trouble !== undefined && !isNamespaceEnding(trouble.error)) throw trouble.error;
  }

  async #scale(replicaSet: ReplicaSet): Promise<Trouble | undefined> {
    const { spec } = replicaSet;
    const excess = this.#counts(replicaSet).active - spec.replicas;
    if (excess < 0) {
      const count = Math.min(-excess, BURST);
      const { error } = await this.#control.createMany(replicaSet, spec.template, count, () => NO_CHANGES);
      return error === undefined ? undefined : { reason: "FailedCreate", error };
    }
    if (excess === 0) return undefined;
    const error = await this.#control.deleteMany(
      replicaSet,
      this.#doomed(replicaSet, Math.min(excess, BURST)),
    );
    return error === undefined ? undefined : { reason: "FailedDelete", error };
  }

  #doomed(replicaSet: ReplicaSet, count: number): readonly Pod[] {
    const active = this.#active(replicaSet);
    if (count >= active.length) return active;
    const neighbours = countByNode(this.#siblings(replicaSet).flatMap((sibling) => this.#active(sibling)));
    return inDeletionOrder(active, neighbours, this.#context.clock.now()).slice(0, count);
  }

  #active({ metadata }: ReplicaSet): Pod[] {
    return [...this.#context.view.ownedPods.of(metadata.uid).values()].filter(isActive);
  }

  /** The ReplicaSets of the same Deployment, itself included. */
  #siblings(replicaSet: ReplicaSet): readonly ReplicaSet[] {
    const owner = controllerOf(replicaSet);
    if (owner === undefined || this.#owned === undefined) return [replicaSet];
    return [...this.#owned.of(owner.uid).values()];
  }

  #counts(replicaSet: ReplicaSet): Readonly<Counts> {
    return this.#tally.of(replicaSet, this.#context.view.ownedPods.of(replicaSet.metadata.uid).values());
  }

  async #writeStatus(replicaSet: ReplicaSet, trouble: Trouble | undefined): Promise<void> {
    const { objects, clock } = this.#context;
    const counts = this.#counts(replicaSet);
    const available = this.#available(replicaSet, counts);
    const status = replicaSetStatus(replicaSet, counts, available, trouble, clock.now());
    if (deepEqual(status, replicaSet.status)) return;
    await objects.update<ReplicaSet>(this.#replicated.kind, { ...replicaSet, status }, OWN_STATUS);
  }

  /** Ready pods that have been so for long enough; asks for another look when the next one will be. */
  #available(replicaSet: ReplicaSet, { ready }: Readonly<Counts>): number {
    const { minReadySeconds = 0 } = replicaSet.spec;
    if (minReadySeconds === 0) return ready;
    const now = this.#context.clock.now();
    let available = 0;
    let nextMs = Number.POSITIVE_INFINITY;
    for (const pod of this.#active(replicaSet)) {
      const atMs = availableAtMs(pod, minReadySeconds);
      if (atMs === undefined) continue;
      if (atMs <= now) available++;
      else nextMs = Math.min(nextMs, atMs);
    }
    if (Number.isFinite(nextMs)) this.#queue.requestAfter(replicaSet.metadata.uid, nextMs - now);
    return available;
  }
}

const NO_CHANGES = {};
