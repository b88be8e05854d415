import type { Diagnosis } from "../diagnosis.ts";
import type { PodInfo } from "../pod-info.ts";
import { RunTimes } from "./run-times.ts";

/** A pod in the queue. */
export interface QueuedPod {
  info: PodInfo;
  readonly podClass: PodClass;
  /** Tries before it joined its class, i.e. before the last failed binding. */
  readonly attemptsBefore: number;
  readonly failuresAtJoin: number;
  /** Bindings that failed so far. */
  readonly bindFailures: number;
  /** The message its condition carries, as far as this scheduler has written it. */
  reported: string | undefined;
  /** It is in its class no more. */
  hasLeft: boolean;
}

/**
 * Pods that the filters and the queue cannot tell apart: equal demands, equal priority. If the first of them fits
 * nowhere, none does; so a class is tried, put aside and woken as one, however many pods it has. Of a million pods that
 * wait each may be a class of its own: what a class of one pod does not need it does not make.
 */
export class PodClass {
  readonly signature: string;
  #size = 0;
  /** In order of joining; those that have left or been told something are skipped. */
  #unreported: QueuedPod[] = [];
  #unreportedCount = 0;
  /** By what they have been told; made when the first is told something. */
  #told: Map<string, Set<QueuedPod>> | undefined;
  /** By place; pods that have left are skipped when they come up. */
  #order: QueuedPod[] = [];
  /** Whose turn it is in `#order`; those before it have left or were passed over. */
  #turn = 0;
  /** Where the first that has not left stands at the earliest. */
  #head = 0;
  /** Of the pods in `#order`; made when it is asked for. */
  #runs: RunTimes | undefined;
  /** How often its first pod fitted nowhere, which is true of all. */
  failures = 0;
  /** When that was last (wall time), and by which strategy. */
  lastTriedMs = 0;
  lastStrategy = "";
  /** Why it was put aside last; kept for readers. */
  diagnosis: Diagnosis | undefined;
  diagnosedAtMs = Number.NEGATIVE_INFINITY;
  /** The place at which it stands in the active queue, while it stands there. */
  activePlace: string | undefined;
  /** When it was put aside; undefined while it is not. */
  parkedAtMs: number | undefined;

  constructor(signature: string) {
    this.signature = signature;
  }

  get size(): number {
    return this.#size;
  }

  /** True when there are pods that have not been told yet why they wait. */
  get hasUnreported(): boolean {
    return this.#unreportedCount > 0;
  }

  /** Pods that have not been told yet why they wait, in order of joining. */
  unreported(): readonly QueuedPod[] {
    this.#unreported = this.#unreported.filter(isUnreported);
    return this.#unreported;
  }

  /** The pod with the earliest place. */
  first(): QueuedPod | undefined {
    this.#head = this.#aliveFrom(this.#head);
    return this.#order[this.#head];
  }

  /** The pod whose turn it is: the first one that was not passed over; undefined when all were. */
  next(): QueuedPod | undefined {
    this.#turn = this.#aliveFrom(Math.max(this.#turn, this.#head));
    return this.#order[this.#turn];
  }

  /**
   * The pod whose turn it was is left out until `startOver`, as somebody before it in the queue must not wait longer;
   * and with it those behind it that run longer than this.
   */
  passOver(longestRunMs = Number.POSITIVE_INFINITY): void {
    this.#turn = this.#aliveFrom(this.#turn) + 1;
    if (longestRunMs !== Number.POSITIVE_INFINITY) this.#turn = this.#shortFrom(this.#turn, longestRunMs);
  }

  /** It is the first one's turn again. */
  startOver(): void {
    this.#head = this.#aliveFrom(this.#head);
    this.#turn = this.#head;
  }

  /** Where the next pod stands that runs no longer; the end when there is none. */
  #shortFrom(start: number, longestRunMs: number): number {
    const order = this.#order;
    this.#runs ??= new RunTimes(order);
    for (let at = start; ; at++) {
      at = this.#runs.firstFrom(at, longestRunMs);
      if (at < 0) return order.length;
      if (!(order[at] as QueuedPod).hasLeft) return at;
      this.#runs.clear(at);
    }
  }

  #aliveFrom(start: number): number {
    let at = start;
    while (this.#order[at]?.hasLeft === true) at++;
    return at;
  }

  add(info: PodInfo, attemptsBefore = 0, bindFailures = 0): QueuedPod {
    const pod: QueuedPod = {
      info,
      podClass: this,
      attemptsBefore,
      failuresAtJoin: this.failures,
      bindFailures,
      reported: undefined,
      hasLeft: false,
    };
    this.#size++;
    this.#unreportedCount++;
    this.#unreported = appended(this.#unreported, pod);
    this.#insert(pod);
    return pod;
  }

  /** Pods mostly come in the order of their places. */
  #insert(pod: QueuedPod): void {
    const order = this.#order;
    const { place } = pod.info;
    const last = order.at(-1);
    const isLast = last === undefined || last.info.place <= place;
    const at = isLast ? order.length : upperBound(order, place);
    if (isLast) this.#order = appended(order, pod);
    else order.splice(at, 0, pod);
    if (!isLast || this.#runs?.set(at, pod) === false) this.#runs = undefined;
    this.#head = Math.min(this.#head, at);
    this.#turn = Math.min(this.#turn, at);
  }

  /** Takes a pod out; harmless when it has left. */
  remove(pod: QueuedPod): void {
    if (pod.hasLeft) return;
    pod.hasLeft = true;
    this.#size--;
    if (pod.reported === undefined) this.#unreportedCount--;
    else this.#forgetReport(pod, pod.reported);
    if (this.#order.length <= 2 * this.#size + 64) return;
    const turn = this.next();
    this.#order = this.#order.filter(({ hasLeft }) => !hasLeft);
    this.#unreported = this.#unreported.filter(isUnreported);
    this.#runs = undefined;
    this.#head = 0;
    this.#turn = turn === undefined ? this.#order.length : this.#order.indexOf(turn);
  }

  /** Notes what a pod has been told. */
  markReported(pod: QueuedPod, message: string): void {
    if (pod.reported === undefined) this.#unreportedCount--;
    else this.#forgetReport(pod, pod.reported);
    pod.reported = message;
    this.#told ??= new Map();
    const heard = this.#told.get(message);
    if (heard === undefined) this.#told.set(message, new Set([pod]));
    else heard.add(pod);
  }

  /** Pods that have been told nothing, or something else than this; so many at most. */
  toldOtherwise(message: string, limit: number): readonly QueuedPod[] {
    const others: QueuedPod[] = [];
    const heard = [...(this.#told ?? [])].flatMap(([text, pods]) => (text === message ? [] : [pods]));
    for (const pods of [...heard, this.unreported()]) {
      for (const pod of pods) {
        if (others.length === limit) return others;
        others.push(pod);
      }
    }
    return others;
  }

  #forgetReport(pod: QueuedPod, message: string): void {
    const heard = this.#told?.get(message);
    heard?.delete(pod);
    if (heard?.size === 0) this.#told?.delete(message);
  }
}

/** A list with one more in it; to an empty one a push would give room for seventeen. */
function appended(list: QueuedPod[], pod: QueuedPod): QueuedPod[] {
  if (list.length === 0) return [pod];
  list.push(pod);
  return list;
}

function isUnreported({ hasLeft, reported }: QueuedPod): boolean {
  return !hasLeft && reported === undefined;
}

/** How often a pod has been tried in vain. */
export function failuresOf(pod: QueuedPod): number {
  return pod.attemptsBefore + pod.podClass.failures - pod.failuresAtJoin;
}

/** Pods with equal signatures belong to one class. */
export function classSignature({ priority, mayPreempt, shape, apart = "" }: PodInfo): string {
  return `${priority}${mayPreempt ? "" : "!"}|${shape.signature}|${apart}`;
}

/** Index of the first pod that comes behind the place. */
function upperBound(order: readonly QueuedPod[], place: string): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((order[middle] as QueuedPod).info.place <= place) low = middle + 1;
    else high = middle;
  }
  return low;
}
