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
}

/**
 * Pods that the filters and the queue cannot tell apart: equal demands, equal priority. If the first of them fits
 * nowhere, none does; so a class is tried, put aside and woken as one, however many pods it has.
 */
export class PodClass {
  readonly signature: string;
  readonly #pods = new Set<QueuedPod>();
  readonly #unreported = new Set<QueuedPod>();
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
    return this.#pods.size;
  }

  /** All pods of the class, in order of joining. */
  get pods(): Iterable<QueuedPod> {
    return this.#pods;
  }

  /** Pods that have not been told yet why they wait. */
  get unreported(): ReadonlySet<QueuedPod> {
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
      if (this.#pods.has(order[at] as QueuedPod)) return at;
      this.#runs.clear(at);
    }
  }

  #aliveFrom(start: number): number {
    let at = start;
    for (let pod = this.#order[at]; pod !== undefined && !this.#pods.has(pod); pod = this.#order[++at]);
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
    };
    this.#pods.add(pod);
    this.#unreported.add(pod);
    this.#insert(pod);
    return pod;
  }

  /** Pods mostly come in the order of their places. */
  #insert(pod: QueuedPod): void {
    const order = this.#order;
    const { place } = pod.info;
    const last = order.at(-1);
    const at = last === undefined || last.info.place <= place ? order.length : upperBound(order, place);
    order.splice(at, 0, pod);
    const isLast = at === order.length - 1;
    if (!isLast || this.#runs?.set(at, pod) === false) this.#runs = undefined;
    this.#head = Math.min(this.#head, at);
    this.#turn = Math.min(this.#turn, at);
  }

  /** Takes a pod out; harmless when it has left. */
  remove(pod: QueuedPod): void {
    this.#pods.delete(pod);
    this.#unreported.delete(pod);
    this.#forgetReport(pod);
    if (this.#order.length <= 2 * this.#pods.size + 64) return;
    const turn = this.next();
    this.#order = this.#order.filter((member) => this.#pods.has(member));
    this.#runs = undefined;
    this.#head = 0;
    this.#turn = turn === undefined ? this.#order.length : this.#order.indexOf(turn);
  }

  /** Notes what a pod has been told. */
  markReported(pod: QueuedPod, message: string): void {
    this.#forgetReport(pod);
    pod.reported = message;
    this.#unreported.delete(pod);
    this.#told ??= new Map();
    const heard = this.#told.get(message);
    if (heard === undefined) this.#told.set(message, new Set([pod]));
    else heard.add(pod);
  }

  /** Pods that have been told nothing, or something else than this; so many at most. */
  toldOtherwise(message: string, limit: number): readonly QueuedPod[] {
    const others: QueuedPod[] = [];
    const heard = [...(this.#told ?? [])].flatMap(([text, pods]) => (text === message ? [] : [pods]));
    for (const pods of [...heard, this.#unreported]) {
      for (const pod of pods) {
        if (others.length === limit) return others;
        others.push(pod);
      }
    }
    return others;
  }

  #forgetReport(pod: QueuedPod): void {
    if (pod.reported === undefined) return;
    const heard = this.#told?.get(pod.reported);
    heard?.delete(pod);
    if (heard?.size === 0) this.#told?.delete(pod.reported);
  }
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
