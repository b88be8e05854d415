import { ApiError } from "../../api/errors.ts";
import type { Objects } from "../../api/objects.ts";
import { type Clock, Phase, type Timer } from "../../clock/clock.ts";
import { everyOn } from "../../clock/every.ts";
import { sleepOn } from "../../clock/sleep.ts";
import { processTurn } from "../../clock/virtual.ts";
import type { SchedulerLifeLine } from "../line.ts";
import { bindingOf, type Call, callText, InterceptedObjects, isReadClosely, matters } from "./calls.ts";

/** What loads a strategy of the user's own, as an answer names it. */
export const LOADING = "load strategy";

/**
 * The doors of a scheduler, with somebody beside them who writes down all that it meets with: timers that run, answers
 * that come, what it binds. With the changes of which it is told, which the store tells of, that is all by which it
 * decides: a scheduler that meets with the same in the same order does the same.
 *
 * Time stands still for it from one of these to the next, so that it can be given the same time again.
 */
export class ObservedScheduler implements Clock {
  readonly objects: InterceptedObjects;
  readonly #clock: Clock;
  readonly #tell: (line: SchedulerLifeLine) => void;
  readonly #isObserved: () => boolean;
  #isRetired = false;
  #atMs: number;
  #timers = 0;

  /**
   * @param tell takes every line, the first at once
   * @param isObserved false once nobody looks on any more: time goes on as everywhere then
   */
  constructor(parts: {
    readonly objects: Objects;
    readonly clock: Clock;
    readonly chance: string;
    readonly tell: (line: SchedulerLifeLine) => void;
    readonly isObserved: () => boolean;
  }) {
    this.#clock = parts.clock;
    this.#tell = (line) => {
      if (!this.#isRetired) parts.tell(line);
    };
    this.#isObserved = parts.isObserved;
    this.#atMs = this.#clock.monotonicMs();
    this.objects = new InterceptedObjects(parts.objects, (call, carryOut) => this.#carryOut(call, carryOut));
    this.#tell({ recording: "scheduler", at: this.#atMs, chance: parts.chance });
  }

  /** Another one takes its place: what it still has under way is nobody's decision any more. */
  retire(): void {
    this.#isRetired = true;
  }

  now(): number {
    return this.#clock.now();
  }

  monotonicMs(): number {
    return this.#isObserved() ? this.#atMs : this.#clock.monotonicMs();
  }

  after(delayMs: number, callback: () => void, phase?: Phase): Timer {
    const about = phase === Phase.scheduling ? {} : { timer: this.#timers++ };
    const run = () => {
      this.#tell({ recording: "turn", at: this.#goOn(), ...about });
      callback();
    };
    return this.#clock.after(delayMs, run, phase);
  }

  every(periodMs: number, callback: () => void, phase?: Phase): Timer {
    return everyOn(this, periodMs, callback, phase);
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, durationMs, signal);
  }

  /** Waits for a strategy of the user's own to be there. */
  async load(loading: Promise<unknown>): Promise<unknown> {
    try {
      return await this.#apart(loading);
    } finally {
      this.#tell({ recording: "answer", at: this.#goOn(), call: LOADING });
    }
  }

  async #carryOut<T>(call: Call, carryOut: () => Promise<T>): Promise<T> {
    if (!matters(call)) return carryOut();
    const binding = bindingOf(call);
    if (binding !== undefined) this.#tell({ recording: "binding", ...binding });
    try {
      const value = await this.#apart(carryOut());
      this.#answered(call, isReadClosely(call) ? { value } : {});
      return value;
    } catch (error) {
      this.#answered(call, { reason: error instanceof ApiError ? error.reason : "InternalError" });
      throw error;
    }
  }

  /**
   * An answer in a turn of the process of its own: what the scheduler makes of it comes before anything else that is
   * written down here, as it will be when it is given the same answer again.
   */
  async #apart<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } finally {
      if (this.#isObserved()) await processTurn();
    }
  }

  #answered(call: Call, outcome: { readonly value?: unknown; readonly reason?: string }): void {
    this.#tell({ recording: "answer", at: this.#goOn(), call: callText(call), ...outcome });
  }

  #goOn(): number {
    this.#atMs = this.#clock.monotonicMs();
    return this.#atMs;
  }
}
