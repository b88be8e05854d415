import type { NodeEntry } from "../cache/node-entry.ts";
import type { PodInfo } from "../pod-info.ts";
import { ActiveQueue } from "./active-queue.ts";
import { BackoffQueue } from "./backoff-queue.ts";
import { isAhead, type Place } from "./demand-index.ts";
import type { MayFit } from "./freed-nodes.ts";
import { classSignature, failuresOf, PodClass, type QueuedPod } from "./pod-class.ts";
import { UnschedulablePods } from "./unschedulable-pods.ts";

/** Pods that fit nowhere are tried again after this long even if nothing seems to have changed. */
export const UNSCHEDULABLE_RETRY_MS = 300_000;

/**
 * Pods that wait for a node, in one of three states: active (to be tried), backing off (a binding failed) and
 * unschedulable (no room). A pod is in here from the moment it is seen until it is placed or gone.
 */
export class SchedulingQueue {
  readonly #classes = new Map<string, PodClass>();
  readonly #pods = new Map<string, QueuedPod>();
  readonly #active = new ActiveQueue();
  readonly #backoff = new BackoffQueue();
  readonly #unschedulable: UnschedulablePods;
  /** Classes of which pods were passed over. */
  readonly #passedOver = new Set<PodClass>();

  /** @param mayFit asked before a class is tried again because a node was freed */
  constructor(mayFit: MayFit = () => true) {
    this.#unschedulable = new UnschedulablePods(mayFit);
  }

  /** Number of pods, whatever their state. */
  get size(): number {
    return this.#pods.size;
  }

  /** True when there is a pod to be tried. */
  get hasActive(): boolean {
    return !this.#active.isEmpty() || this.#unschedulable.firstToFit() !== undefined;
  }

  /** True when pods wait for something to happen. */
  get hasUnschedulable(): boolean {
    return this.#unschedulable.size > 0 || this.#passedOver.size > 0;
  }

  /** True when pods wait for other things than room: for their neighbours, for claims, for pods that have to go. */
  get hasParticular(): boolean {
    return this.#unschedulable.hasParticular;
  }

  /** The highest priority of the pods that fit nowhere. */
  get unschedulablePriority(): number {
    return this.#unschedulable.first()?.priority ?? Number.NEGATIVE_INFINITY;
  }

  /** Every pod that is active or unschedulable. */
  get pods(): Iterable<QueuedPod> {
    return this.#pods.values();
  }

  get(uid: string): QueuedPod | undefined {
    return this.#pods.get(uid);
  }

  /** A pod waits, or something changed in one that does. */
  put(info: PodInfo): void {
    const known = this.#pods.get(info.uid);
    if (this.#backoff.get(info.uid) !== undefined) {
      this.#backoff.update(info);
    } else if (known === undefined) {
      this.#join(info, 0, 0);
    } else if (known.podClass.signature === classSignature(info) && known.info.place === info.place) {
      known.info = info;
    } else {
      this.#leave(known);
      this.#join(info, failuresOf(known), known.bindFailures);
    }
  }

  /** The pod is placed, bound by somebody else or gone. @returns false when it was not in */
  remove(uid: string): boolean {
    this.#backoff.remove(uid);
    const pod = this.#pods.get(uid);
    if (pod !== undefined) this.#leave(pod);
    return pod !== undefined;
  }

  /** The next pod to try. It stays in: `remove` it when it is placed, `park` its class when it fits nowhere. */
  pop(): QueuedPod | undefined {
    return this.#popOr(this.#unschedulable.firstToFit());
  }

  /** As `pop`, but the first of all, whether it may fit or not. */
  popFirst(): QueuedPod | undefined {
    return this.#popOr(this.#unschedulable.first());
  }

  #popOr(waiting: Place | undefined): QueuedPod | undefined {
    const active = this.#active.first();
    if (waiting === undefined || (active !== undefined && isAhead(active, waiting)))
      return this.#active.pop();
    this.#unschedulable.remove(waiting.podClass);
    return waiting.podClass.next();
  }

  /** Puts the class back that was popped with a pod that has left since. */
  next(podClass: PodClass): void {
    this.#active.add(podClass);
  }

  /** No room for this class: it waits until it is woken. */
  park(podClass: PodClass, nowMs: number): void {
    this.#unschedulable.add(podClass, nowMs);
  }

  /**
   * The pod that was popped may not go before others that wait, nor may those of its class that run longer than this;
   * the next of the others is tried in its turn.
   */
  passOver({ podClass }: QueuedPod, longestRunMs?: number): void {
    podClass.passOver(longestRunMs);
    this.#passedOver.add(podClass);
    this.#active.add(podClass);
  }

  /** Those who were passed over are tried again. */
  startOver(): void {
    for (const podClass of this.#passedOver) {
      if (podClass.parkedAtMs !== undefined) continue;
      podClass.startOver();
      this.#active.add(podClass);
    }
    this.#passedOver.clear();
  }

  /** A node may take more: whoever may fit there then is tried again in its turn. */
  freed(node: NodeEntry): void {
    this.#unschedulable.freed(node);
  }

  /** Tries classes again that may fit now: of all, or of those that wait for other things than room. */
  wake(mayFit: (info: PodInfo) => boolean, who: "all" | "particular" = "all"): void {
    for (const podClass of this.#unschedulable.takeWhere(mayFit, who)) this.#active.add(podClass);
  }

  /** The binding of a pod failed; it is not in the queue any more. */
  backOff(info: PodInfo, attempts: number, bindFailures: number, nowMs: number): void {
    this.#backoff.add(info, attempts, bindFailures, nowMs);
  }

  /** Tries again what has waited long enough. */
  flush(nowMs: number): void {
    for (const { info, attempts, bindFailures } of this.#backoff.takeReady(nowMs)) {
      this.#join(info, attempts, bindFailures);
    }
    const due = this.#unschedulable.takeParkedUntil(nowMs - UNSCHEDULABLE_RETRY_MS);
    for (const podClass of due) this.#active.add(podClass);
  }

  /** When a back-off ends next. */
  nextBackoffEndMs(): number | undefined {
    return this.#backoff.nextReadyMs();
  }

  /** When the next pods without room have waited too long. */
  nextRetryMs(): number | undefined {
    const firstMs = this.#unschedulable.firstParkedMs;
    return firstMs === undefined ? undefined : firstMs + UNSCHEDULABLE_RETRY_MS;
  }

  #join(info: PodInfo, attempts: number, bindFailures: number): void {
    const signature = classSignature(info);
    let podClass = this.#classes.get(signature);
    if (podClass === undefined) {
      podClass = new PodClass(signature);
      this.#classes.set(signature, podClass);
    }
    this.#pods.set(info.uid, podClass.add(info, attempts, bindFailures));
    // A pod that has just come is always tried: it has to hear something.
    this.#unschedulable.remove(podClass);
    this.#active.add(podClass);
  }

  #leave(pod: QueuedPod): void {
    const { podClass, info } = pod;
    this.#pods.delete(info.uid);
    podClass.remove(pod);
    if (podClass.size > 0) {
      if (podClass.parkedAtMs !== undefined) this.#unschedulable.changed(podClass);
      return;
    }
    this.#classes.delete(podClass.signature);
    this.#unschedulable.remove(podClass);
    this.#passedOver.delete(podClass);
    this.#active.remove(podClass);
  }
}
