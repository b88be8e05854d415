import { Heap } from "../../lib/heap.ts";
import type { PodInfo } from "../pod-info.ts";

const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 10_000;

/** A pod whose binding failed. */
export interface BackedOff {
  readonly info: PodInfo;
  readonly attempts: number;
  readonly bindFailures: number;
  readonly readyAtMs: number;
}

/** Pods that wait a while after a failed binding; the wait doubles from failure to failure. */
export class BackoffQueue {
  readonly #waiting = new Heap<BackedOff>((a, b) => isEarlier(a, b));
  readonly #byUid = new Map<string, BackedOff>();

  /** @param bindFailures how often its binding has failed, this time included */
  add(info: PodInfo, attempts: number, bindFailures: number, nowMs: number): void {
    const backoffMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (bindFailures - 1));
    const backedOff = { info, attempts, bindFailures, readyAtMs: nowMs + backoffMs };
    this.#waiting.push(backedOff);
    this.#byUid.set(info.uid, backedOff);
  }

  get(uid: string): BackedOff | undefined {
    return this.#byUid.get(uid);
  }

  /** Takes over what changed in the pod. */
  update(info: PodInfo): void {
    const known = this.#byUid.get(info.uid);
    if (known === undefined) return;
    const updated = { ...known, info };
    this.#byUid.set(info.uid, updated);
    this.#waiting.push(updated);
  }

  remove(uid: string): void {
    this.#byUid.delete(uid);
  }

  /** Takes out the pods whose wait is over. */
  takeReady(nowMs: number): BackedOff[] {
    const ready: BackedOff[] = [];
    for (let next = this.#next(); next !== undefined && next.readyAtMs <= nowMs; next = this.#next()) {
      this.#byUid.delete(next.info.uid);
      ready.push(next);
    }
    return ready;
  }

  /** When the next wait is over. */
  nextReadyMs(): number | undefined {
    return this.#next()?.readyAtMs;
  }

  #next(): BackedOff | undefined {
    for (;;) {
      const next = this.#waiting.peek();
      if (next === undefined || this.#byUid.get(next.info.uid) === next) return next;
      this.#waiting.pop();
    }
  }
}

function isEarlier(a: BackedOff, b: BackedOff): boolean {
  return a.readyAtMs < b.readyAtMs || (a.readyAtMs === b.readyAtMs && a.info.place < b.info.place);
}
