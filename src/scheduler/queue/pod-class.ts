import { Heap } from "../../lib/heap.ts";
import type { Diagnosis } from "../diagnosis.ts";
import type { PodInfo } from "../pod-info.ts";

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
  /** By place; pods that have left are skipped when they come up. */
  #order = newOrder();
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

  /** The pod whose turn it is. */
  first(): QueuedPod | undefined {
    for (;;) {
      const pod = this.#order.peek();
      if (pod === undefined || this.#pods.has(pod)) return pod;
      this.#order.pop();
    }
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
    this.#order.push(pod);
    return pod;
  }

  /** Takes a pod out; harmless when it has left. */
  remove(pod: QueuedPod): void {
    this.#pods.delete(pod);
    this.#unreported.delete(pod);
    if (this.#order.size <= 2 * this.#pods.size + 64) return;
    this.#order = newOrder();
    for (const member of this.#pods) this.#order.push(member);
  }

  /** Notes what a pod has been told. */
  markReported(pod: QueuedPod, message: string): void {
    pod.reported = message;
    this.#unreported.delete(pod);
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

function newOrder(): Heap<QueuedPod> {
  return new Heap<QueuedPod>((a, b) => a.info.place < b.info.place);
}
