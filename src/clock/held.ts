import type { Clock, Phase, Timer } from "./clock.ts";
import { RealClock } from "./real.ts";
import { DEFAULT_START_MS, VirtualClock } from "./virtual.ts";

/** The last instant that RFC 3339 can write. */
const LAST_MS = Date.parse("9999-12-31T23:59:59Z");
/** A running clock catches up with the real one this often. */
const PACE_MS = 10;
/** How far a clock goes at a time that runs as fast as it can. */
const LEAP_MS = 3_600_000;

/** How far a held clock is to go, and when to stop before. */
export interface Leap {
  /** Virtual ms from now. */
  readonly durationMs: number;
  /** Asked between instants: true ends the leap there. */
  readonly stop?: () => boolean;
}

/** Something slow that work is written to, such as a disk: time waits for it when it is full. */
export interface Sink {
  readonly isFull: boolean;
  drained(): Promise<void>;
}

export interface HeldClockOptions {
  /** Where it began, in ms since the epoch. */
  readonly startMs?: number;
  /** What has passed since. */
  readonly elapsedMs?: number;
  readonly sink?: Sink;
  /** What a clock that runs by itself keeps pace with; the machine's unless given. */
  readonly real?: Clock;
}

interface Goal {
  readonly untilMs: number;
  readonly stop: () => boolean;
  readonly reached: (isThere: boolean) => void;
}

/**
 * A virtual clock for a cluster that others talk to: it stands still until it is told to go on, while the work of the
 * present instant settles by itself. What comes from outside takes its turn between two instants (`turn`), so that the
 * inside runs as in any virtual run, and the same inputs at the same instants give the same history.
 */
export class HeldClock extends VirtualClock {
  readonly #real: Clock;
  readonly #sink: Sink | undefined;
  readonly #waiting: (() => void)[] = [];
  #goal: Goal | undefined;
  #pumping = false;
  /** Virtual ms per real ms while it runs by itself. */
  #speed: number | undefined;

  constructor({ startMs = DEFAULT_START_MS, elapsedMs = 0, sink, real }: HeldClockOptions = {}) {
    super(startMs, elapsedMs);
    this.#real = real ?? new RealClock();
    this.#sink = sink;
  }

  override after(delayMs: number, callback: () => void, phase?: Phase): Timer {
    const timer = super.after(delayMs, callback, phase);
    if (delayMs <= 0) this.#wake();
    return timer;
  }

  /** Resolves between two instants, with all work of the earlier one done. Work that follows at once belongs to it. */
  turn(): Promise<void> {
    if (!this.#pumping) this.#wake();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Virtual ms per real ms while the clock runs by itself (Infinity: as fast as it can); undefined: it is held. */
  get speed(): number | undefined {
    return this.#speed;
  }

  /** True while a leap is under way. */
  get isLeaping(): boolean {
    return this.#goal !== undefined && this.#speed === undefined;
  }

  /** How far it can go: virtual ms from now to the end of the calendar. */
  get roomMs(): number {
    return LAST_MS - this.now();
  }

  /**
   * Goes on by so much and settles; tells whether it got there or was stopped. Only for a clock that is held and not
   * leaping already.
   */
  leap({ durationMs, stop = () => false }: Leap): Promise<boolean> {
    if (this.#goal !== undefined || this.#speed !== undefined) throw new Error("the clock is moving already");
    return this.#go(this.monotonicMs() + Math.min(durationMs, this.roomMs), stop);
  }

  override async runUntil(done: () => boolean, limitMs: number): Promise<void> {
    await this.leap({ durationMs: limitMs, stop: done });
  }

  /** Runs by itself from now on. */
  run(speed: number): void {
    const wasRunning = this.#speed !== undefined;
    this.#speed = speed;
    if (!wasRunning) void this.#keepPace();
  }

  /** Holds the clock at the next clean instant: ends a leap, and a run. */
  async hold(): Promise<void> {
    const goal = this.#goal;
    this.#speed = undefined;
    if (goal !== undefined) this.#goal = { ...goal, stop: () => true };
    await this.turn();
  }

  /** Follows the real clock at the speed of the moment until it is held. */
  async #keepPace(): Promise<void> {
    let lastMs = this.#real.monotonicMs();
    for (;;) {
      await this.#real.sleep(PACE_MS);
      const speed = this.#speed;
      if (speed === undefined) return;
      const wantedMs = Math.floor((this.#real.monotonicMs() - lastMs) * speed);
      const stepMs = Math.min(wantedMs, LEAP_MS, this.roomMs);
      if (this.roomMs <= 0) this.#speed = undefined;
      else if (stepMs > 0) await this.#go(this.monotonicMs() + stepMs, () => this.#speed !== speed);
      // What it cannot make up for is let go: a cluster that is too busy for its speed just runs slower.
      lastMs = stepMs < wantedMs ? this.#real.monotonicMs() : lastMs + stepMs / speed;
    }
  }

  #go(untilMs: number, stop: () => boolean): Promise<boolean> {
    return new Promise((reached) => {
      this.#goal = { untilMs, stop, reached };
      this.#wake();
    });
  }

  #wake(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    void this.#pump();
  }

  /** The one place that moves time: settles, lets waiting callers in, goes on towards the goal; until all is still. */
  async #pump(): Promise<void> {
    for (;;) {
      await super.runUntil(this.#pauseForOthers(), this.#restMs());
      if (this.#sink?.isFull === true) await this.#sink.drained();
      this.#endGoal();
      const isStill = this.#waiting.length === 0 && this.#goal === undefined && !this.#hasWork;
      if (isStill) break;
      for (const enter of this.#waiting.splice(0)) enter();
    }
    this.#pumping = false;
  }

  /** Ends a stretch where the goal says stop, or where somebody waits; but never before time has moved once. */
  #pauseForOthers(): () => boolean {
    let isFirst = true;
    return () => {
      if (this.#goal?.stop() === true || this.#sink?.isFull === true) return true;
      const others = !isFirst && this.#waiting.length > 0;
      isFirst = false;
      return others;
    };
  }

  #restMs(): number {
    return this.#goal === undefined ? 0 : Math.max(0, this.#goal.untilMs - this.monotonicMs());
  }

  #endGoal(): void {
    const goal = this.#goal;
    if (goal === undefined) return;
    const isThere = this.monotonicMs() >= goal.untilMs;
    if (!isThere && !goal.stop()) return;
    this.#goal = undefined;
    goal.reached(isThere);
  }

  get #hasWork(): boolean {
    const next = this.nextDueMs;
    return next !== undefined && next <= this.monotonicMs();
  }
}
