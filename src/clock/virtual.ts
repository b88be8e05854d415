import { type Clock, Phase, type Timer } from "./clock.ts";
import { DueHeap } from "./due-heap.ts";
import { everyOn } from "./every.ts";
import { sleepOn } from "./sleep.ts";

/** A timer of the clock; a class and not a literal with closures, because a run makes millions. */
class Due implements Timer {
  readonly atMs: number;
  readonly phase: Phase;
  readonly order: number;
  /** Undefined once it has run or was cancelled. */
  callback: (() => void) | undefined;
  readonly #cancelled: () => void;

  constructor(atMs: number, phase: Phase, order: number, callback: () => void, cancelled: () => void) {
    this.atMs = atMs;
    this.phase = phase;
    this.order = order;
    this.callback = callback;
    this.#cancelled = cancelled;
  }

  cancel(): void {
    if (this.callback === undefined) return;
    this.callback = undefined;
    this.#cancelled();
  }
}

/** Where virtual time starts unless told otherwise: 2025-01-01T00:00:00Z. */
export const DEFAULT_START_MS = 1_735_689_600_000;

/**
 * A clock that stands still until it is told to advance, and then jumps from event to event.
 *
 * Work done by callbacks (chains of promises included) settles before the next phase of an instant and before time
 * moves on: after each batch it yields one macrotask, because a microtask yield drains only part of a promise chain.
 */
export class VirtualClock implements Clock {
  readonly #startMs: number;
  #elapsedMs: number;
  #order = 0;
  #live = 0;
  #ran = 0;
  #running = false;
  readonly #due = new DueHeap<Due>();
  /** Work of the outside world that time waits for. */
  readonly #outside = new Set<Promise<unknown>>();
  readonly #onCancelled = () => {
    this.#live--;
  };

  /** `elapsedMs` is what had passed since `startMs` already: a clock that goes on from where another one stopped. */
  constructor(startMs = DEFAULT_START_MS, elapsedMs = 0) {
    this.#startMs = startMs;
    this.#elapsedMs = elapsedMs;
  }

  /** Where it began, in ms since the epoch. */
  get startMs(): number {
    return this.#startMs;
  }

  /** Timers that are still to run. */
  get pendingTimers(): number {
    return this.#live;
  }

  /** Callbacks that have been run so far. */
  get callbacksRun(): number {
    return this.#ran;
  }

  /** When the next timer is due, by `monotonicMs`; undefined while there is none. */
  get nextDueMs(): number | undefined {
    return this.#nextLive()?.atMs;
  }

  now(): number {
    return this.#startMs + this.#elapsedMs;
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  after(delayMs: number, callback: () => void, phase: Phase = Phase.arrival): Timer {
    const atMs = this.#elapsedMs + Math.max(0, delayMs);
    const due = new Due(atMs, phase, this.#order++, callback, this.#onCancelled);
    this.#live++;
    this.#due.push(due);
    return due;
  }

  every(periodMs: number, callback: () => void, phase: Phase = Phase.arrival): Timer {
    return everyOn(this, periodMs, callback, phase);
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, durationMs, signal);
  }

  /** Advances by `durationMs`, running everything that falls due on the way, and settles. */
  advance(durationMs: number): Promise<void> {
    return this.runUntil(() => false, durationMs);
  }

  /** Runs what is due now, without moving time. */
  settle(): Promise<void> {
    return this.advance(0);
  }

  /**
   * Time waits until this work of the outside world, such as the loading of a file, has come to an end, well or not:
   * how long that takes by other clocks makes no difference to what happens. @returns the same work
   */
  waitFor<Work extends Promise<unknown>>(work: Work): Work {
    this.#outside.add(work);
    const over = () => this.#outside.delete(work);
    work.then(over, over);
    return work;
  }

  /**
   * Advances until `done()` holds (asked whenever an instant has settled) or `limitMs` have passed.
   * When `done` never holds the clock ends exactly `limitMs` later.
   * @param stop asked more often, also in the midst of an instant: true leaves everything as it stands
   */
  async runUntil(done: () => boolean, limitMs: number, stop: () => boolean = never): Promise<void> {
    if (this.#running) throw new Error("VirtualClock: already advancing");
    this.#running = true;
    try {
      const endMs = this.#elapsedMs + limitMs;
      await processTurn();
      for (;;) {
        while (this.#outside.size > 0) await this.#outsideDone();
        if (stop()) return;
        const next = this.#nextLive();
        if (next === undefined || next.atMs > endMs) break;
        if (next.atMs > this.#elapsedMs) {
          if (done()) return;
          this.#elapsedMs = next.atMs;
        }
        this.#runBatch(next.atMs, next.phase);
        await processTurn();
      }
      if (!done()) this.#elapsedMs = endMs;
    } finally {
      this.#running = false;
    }
  }

  async #outsideDone(): Promise<void> {
    await Promise.allSettled(this.#outside);
    await processTurn();
  }

  /** Runs all that was scheduled so far for one phase of one instant. */
  #runBatch(atMs: number, phase: Phase): void {
    const lastOrder = this.#order;
    for (;;) {
      const next = this.#nextLive();
      if (next === undefined || next.atMs !== atMs || next.phase !== phase || next.order >= lastOrder) return;
      this.#due.pop();
      const { callback } = next;
      next.callback = undefined;
      this.#live--;
      this.#ran++;
      callback?.();
    }
  }

  #nextLive(): Due | undefined {
    for (;;) {
      const next = this.#due.peek();
      if (next === undefined || next.callback !== undefined) return next;
      this.#due.pop();
    }
  }
}

function never(): boolean {
  return false;
}

/**
 * Lets go of the process for one turn of its loop: all promises that can settle have settled then, and what has come
 * from outside, such as a signal, has been heard. No time passes by any clock.
 */
export function processTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
