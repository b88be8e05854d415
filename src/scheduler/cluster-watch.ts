import type { Namespace } from "../api/kinds/namespace.ts";
import type { Node } from "../api/kinds/node.ts";
import type { Pod } from "../api/kinds/pod.ts";
import { isFinished } from "../api/kinds/pod-phase.ts";
import type { ClusterState } from "./cache/cluster-state.ts";
import type { NodeEntry } from "./cache/node-entry.ts";
import type { Tenant } from "./cache/tenant.ts";
import type { NodeChecks } from "./filters/node-checks.ts";
import { isSameToScheduler, nodeSpecOf } from "./node-spec.ts";
import { isGated, isOurs, isSameTenant, isWaiting, type PodInfo, type PodInfos } from "./pod-info.ts";
import type { Preemptor } from "./preemption/preemptor.ts";
import type { SchedulingQueue } from "./queue/scheduling-queue.ts";
import type { Reporter } from "./reporter.ts";

/** When more nodes than these have changed, trying every pod is cheaper than asking these nodes first. */
const HINTS = 8;

/** When more pods than these have moved, trying every pod with rules is cheaper than comparing them. */
const MOVES = 64;

/** Follows what happens to pods and nodes: keeps the state and the queue true, and wakes whom it helps. */
export class ClusterWatch {
  readonly #state: ClusterState;
  readonly #queue: SchedulingQueue;
  readonly #infos: PodInfos;
  readonly #reporter: Reporter;
  readonly #preemptor: Preemptor;
  readonly #checks: NodeChecks;
  readonly #somethingToDo: () => void;
  readonly #waiterLeft: () => void;
  /** Nodes that may take more than when pods were put aside. */
  readonly #freed = new Set<string>();
  /** Pods that came, went or changed, which rules of waiting pods may be about. */
  #moved: Tenant[] = [];
  /** Places may have come or gone, or what namespaces say. */
  #isRedrawn = false;
  /** Claims, volumes or their classes are others than when pods were put aside. */
  #volumesChanged = false;
  /** Pods whose binding is under way, as last seen. */
  readonly #binding = new Map<string, PodInfo>();

  constructor(parts: {
    readonly state: ClusterState;
    readonly queue: SchedulingQueue;
    readonly infos: PodInfos;
    readonly reporter: Reporter;
    readonly preemptor: Preemptor;
    readonly checks: NodeChecks;
    /** Called when pods are to be tried. */
    readonly somethingToDo: () => void;
    /** Called when a pod that waited waits no more, and others may have been held up by it. */
    readonly waiterLeft: () => void;
  }) {
    this.#state = parts.state;
    this.#queue = parts.queue;
    this.#infos = parts.infos;
    this.#reporter = parts.reporter;
    this.#preemptor = parts.preemptor;
    this.#checks = parts.checks;
    this.#somethingToDo = parts.somethingToDo;
    this.#waiterLeft = parts.waiterLeft;
  }

  nodeChanged(before: Node | undefined, after: Node | undefined): void {
    if (after === undefined) {
      if (before === undefined) return;
      this.#state.removeNode(before.metadata.name);
      // One place less may be what pods that are to be spread wait for.
      this.#isRedrawn = true;
      if (this.#queue.hasUnschedulable) this.#somethingToDo();
      return;
    }
    if (before !== undefined && isSameToScheduler(before, after)) return;
    this.#isRedrawn = true;
    this.#mayTakeMore(this.#state.setNode(nodeSpecOf(after)));
  }

  namespaceChanged(before: Namespace | undefined, after: Namespace | undefined): void {
    this.#checks.neighbours.namespaces.changed(before, after);
    this.#isRedrawn = true;
    if (this.#queue.hasUnschedulable) this.#somethingToDo();
  }

  volumesChanged(): void {
    this.#state.volumesVersion++;
    if (!this.#queue.hasUnschedulable) return;
    this.#volumesChanged = true;
    this.#somethingToDo();
  }

  podChanged(before: Pod | undefined, after: Pod | undefined): void {
    if (after === undefined) {
      if (before !== undefined) this.#gone(before.metadata.uid);
    } else if (isFinished(after)) this.#gone(after.metadata.uid);
    else if (after.spec.nodeName) this.#bound(before, after, after.spec.nodeName);
    else if (this.#state.isAssumed(after.metadata.uid))
      this.#binding.set(after.metadata.uid, this.#infos.infoOf(after));
    else if (isWaiting(after)) this.#waits(before, after);
    else this.#leftAlone(after);
  }

  /** A binding is under way. */
  bindingStarted(info: PodInfo): void {
    this.#binding.set(info.uid, info);
  }

  /**
   * A binding failed: its room is given back.
   * @returns the pod as it is now, if it still waits for a node
   */
  bindingFailed(uid: string): PodInfo | undefined {
    const info = this.#binding.get(uid);
    this.#binding.delete(uid);
    // It may have been bound after all, and only the answer was lost: then it is not assumed any more.
    if (this.#state.isAssumed(uid)) this.#mayTakeMore(this.#state.forget(uid));
    return info !== undefined && isWaiting(info.pod) ? info : undefined;
  }

  /** True when nodes may take more than when pods were put aside. */
  get hasFreed(): boolean {
    return this.#freed.size > 0;
  }

  /** True when nothing has happened but that pods came, went or changed. */
  get hasOnlyMoves(): boolean {
    return this.#moved.length > 0 && !this.hasFreed && !this.#isRedrawn && !this.#volumesChanged;
  }

  /** Wakes the pods that may fit after what has happened since the last call. */
  wake(): void {
    const volumesChanged = this.#volumesChanged;
    if (this.#freed.size === 0 && this.#moved.length === 0 && !this.#isRedrawn && !volumesChanged) return;
    const nodes = [...this.#freed].flatMap((name) => this.#state.node(name) ?? []);
    const moved = this.#moved;
    const isRedrawn = this.#isRedrawn || moved.length > MOVES;
    // Who fits and comes too late all the same may push somebody out: then all are tried that fit now.
    const mayPush = this.#state.priorities.hasBelow(this.#queue.unschedulablePriority);
    const isAboutAll = mayPush || moved.some(({ shape }) => shape.rules !== undefined);
    this.#freed.clear();
    this.#moved = [];
    this.#isRedrawn = false;
    this.#volumesChanged = false;
    if (mayPush && nodes.length > HINTS) {
      this.#queue.wake(() => true);
      return;
    }
    for (const node of nodes) this.#queue.freed(node);
    const isWoken = (info: PodInfo) =>
      (isRedrawn && info.apart !== undefined) ||
      (volumesChanged && info.shape.claims !== undefined) ||
      this.#mayFit(info, nodes) ||
      this.#meet(info, moved);
    this.#queue.wake(isWoken, isAboutAll ? "all" : "particular");
  }

  /** Where room is being made for a pod, it is reserved: whatever happens there may be what the pod waits for. */
  #mayFit(info: PodInfo, nodes: readonly NodeEntry[]): boolean {
    if (nodes.length === 0) return false;
    const check = this.#checks.of(info);
    return nodes.some((node) => info.nominatedNode === node.name || check.refusal(node) === undefined);
  }

  /** One of these pods matters to the waiting one, by its rules or by their own. */
  #meet(info: PodInfo, moved: readonly Tenant[]): boolean {
    const { neighbours } = this.#checks;
    return moved.some((pod) => neighbours.concern(info.shape, pod) || neighbours.concern(pod.shape, info));
  }

  #gone(uid: string): void {
    if (this.#queue.remove(uid)) this.#waiterLeft();
    this.#binding.delete(uid);
    this.#mayTakeMore(this.#preemptor.forget(uid));
    this.#hasMoved(uid);
    this.#mayTakeMore(this.#state.forget(uid));
    this.#preemptor.gone(uid);
  }

  #bound(before: Pod | undefined, after: Pod, nodeName: string): void {
    const { uid } = after.metadata;
    if (this.#queue.remove(uid)) this.#waiterLeft();
    this.#binding.delete(uid);
    this.#mayTakeMore(this.#preemptor.forget(uid));
    const isKnown = before?.spec.containers === after.spec.containers && this.#state.nodeOf(uid) === nodeName;
    if (!isKnown) this.#mayTakeMore(this.#state.bind(this.#infos.tenantOf(after), nodeName));
    else if (before !== undefined && isSameTenant(before, after)) {
      this.#state.confirm(uid);
      if (before.spec.nodeName) return;
    } else {
      this.#hasMoved(uid);
      this.#state.bind(this.#infos.tenantOf(after), nodeName);
    }
    this.#hasMoved(uid);
  }

  #waits(before: Pod | undefined, after: Pod): void {
    const { metadata, spec } = after;
    const known = this.#queue.get(metadata.uid);
    if (
      known !== undefined &&
      before?.spec === spec &&
      before.metadata.annotations === metadata.annotations &&
      before.metadata.labels === metadata.labels
    ) {
      known.info = { ...known.info, pod: after };
      return;
    }
    const info = this.#infos.infoOf(after);
    // After a restart only the pod itself says where room is being made for it.
    if (info.nominatedNode !== undefined) this.#preemptor.nominate(info, info.nominatedNode);
    this.#queue.put(info);
    this.#somethingToDo();
  }

  #leftAlone(pod: Pod): void {
    if (this.#queue.remove(pod.metadata.uid)) this.#waiterLeft();
    this.#mayTakeMore(this.#preemptor.forget(pod.metadata.uid));
    if (isGated(pod) && isOurs(pod) && pod.metadata.deletionTimestamp === undefined)
      this.#reporter.gated(pod);
  }

  /** A pod that takes room comes, is about to go, or changes: that is of interest where somebody has rules. */
  #hasMoved(uid: string): void {
    const pod = this.#queue.hasUnschedulable ? this.#state.tenant(uid) : undefined;
    if (pod === undefined || (pod.shape.rules === undefined && !this.#queue.hasParticular)) return;
    this.#moved.push(pod);
    this.#somethingToDo();
  }

  #mayTakeMore(node: NodeEntry | undefined): void {
    if (node === undefined || node.index < 0 || !this.#queue.hasUnschedulable) return;
    this.#freed.add(node.name);
    this.#somethingToDo();
  }
}
