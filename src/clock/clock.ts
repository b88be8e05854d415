/**
 * The only source of time. The same code runs on the real clock and on a virtual one.
 *
 * Contract (one conformance suite runs over both):
 * - `now()` is wall time in ms since the epoch, for timestamps people read; it may jump.
 * - `monotonicMs()` never goes back; every decision about elapsed time (leases, back-off) uses it.
 * - Callbacks never run inside the call that scheduled them.
 * - At one instant callbacks run by phase, then in the order they were scheduled. A virtual clock starts the
 *   next phase only when the work of the earlier one (promises included) has settled.
 */
export interface Clock {
  now(): number;
  monotonicMs(): number;
  /** Runs the callback once, `delayMs` (>= 0) from now. */
  after(delayMs: number, callback: () => void, phase?: Phase): Timer;
  /** Runs the callback every `periodMs` (> 0), first one period from now, until cancelled. */
  every(periodMs: number, callback: () => void, phase?: Phase): Timer;
  /** Resolves `durationMs` from now; rejects with the signal's reason when it aborts first. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

export interface Timer {
  /** Stops it; harmless when it has already run. */
  cancel(): void;
}

/**
 * What runs first at one instant: ends of work free room, then new work arrives, then one scheduling pass, then whoever
 * looks at what has come of it all.
 */
export const Phase = { completion: 0, arrival: 1, scheduling: 2, settled: 3 } as const;
export type Phase = (typeof Phase)[keyof typeof Phase];
