import type { PodInfo } from "../pod-info.ts";
import { ActiveQueue } from "./active-queue.ts";
import { BackoffQueue } from "./backoff-queue.ts";
import { classSignature, failuresOf, PodClass, type QueuedPod } from "./pod-class.ts";
import { UnschedulablePods } from "./unschedulable-pods.ts";

/** Pods that fit nowhere are tried again after this long even if nothing seems to have changed. */
export const UNSCHEDULABLE_RETRY_MS = 300_000;

/** When pods were put aside of which all were passed over: they wait for `startOver`, however long. */
const UNTIL_STARTED_OVER = Number.POSITIVE_INFINITY;

/**
 * Pods that wait for a node, in one of three states: active (to be tried), backing off (a binding failed) and
 * unschedulable (no room). A pod is in here from the moment it is seen until it is placed or gone.
 */
export class SchedulingQueue {
  readonly #classes = new Map<string, PodClass>();
  readonly #pods = new Map<string, QueuedPod>();
  readonly #active = new ActiveQueue();
  readonly #backoff = new BackoffQueue();
  readonly #unschedulable = new UnschedulablePods();

  /** Number of pods, whatever their state. */
  get size(): number {
    return this.#pods.size;
  }

  get hasActive(): boolean {
    return !this.#active.isEmpty();
  }

  get hasUnschedulable(): boolean {
    return this.#unschedulable.size > 0;
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

  /** The pod is placed, bound by somebody else or gone; harmless when it is not in. */
  remove(uid: string): void {
    this.#backoff.remove(uid);
    const pod = this.#pods.get(uid);
    if (pod !== undefined) this.#leave(pod);
  }

  /** The next pod to try. It stays in: `remove` it when it is placed, `park` its class when it fits nowhere. */
  pop(): QueuedPod | undefined {
    return this.#active.pop();
  }

  /** Puts the class back that was popped with a pod that has left since. */
  next(podClass: PodClass): void {
    if (podClass.size > 0 && podClass.next() === undefined) this.park(podClass, UNTIL_STARTED_OVER);
    else this.#active.add(podClass);
  }

  /** No room for this class: it waits until it is woken. */
  park(podClass: PodClass, nowMs: number): void {
    this.#unschedulable.add(podClass, nowMs);
  }

  /** The pod that was popped may not go before others that wait; the next of its class is tried in its turn. */
  passOver({ podClass }: QueuedPod, nowMs: number): void {
    podClass.passOver();
    if (podClass.next() === undefined) this.park(podClass, nowMs);
    else this.#active.add(podClass);
  }

  /** Tries all again, from the first on. */
  startOver(): void {
    for (const podClass of this.#classes.values()) {
      podClass.startOver();
      this.#unschedulable.remove(podClass);
      this.#active.add(podClass);
    }
  }

  /** Tries classes again that may fit now. */
  wake(mayFit: (info: PodInfo) => boolean): void {
    for (const podClass of this.#unschedulable.takeWhere(mayFit)) this.#active.add(podClass);
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
      if (podClass.activePlace === undefined || podClass.next() !== undefined) return;
      // Those that are left were passed over.
      this.#active.remove(podClass);
      this.park(podClass, UNTIL_STARTED_OVER);
      return;
    }
    this.#classes.delete(podClass.signature);
    this.#unschedulable.remove(podClass);
    this.#active.remove(podClass);
  }
}
