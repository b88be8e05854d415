import { ApiError, type Reason } from "../../api/errors.ts";
import type { Objects } from "../../api/objects.ts";
import { type Clock, Phase, type Timer } from "../../clock/clock.ts";
import { everyOn } from "../../clock/every.ts";
import { sleepOn } from "../../clock/sleep.ts";
import type { AnswerLine, TurnLine } from "../line.ts";
import { bindingOf, type Call, callText, InterceptedObjects, matters } from "./calls.ts";
import { LOADING } from "./observed-scheduler.ts";

/** Takes the answer to a call. */
type Waiting = (answer: AnswerLine) => void;

/**
 * The doors of a scheduler that is to meet with what another one has met with (see ObservedScheduler). Nothing that it
 * does has an effect: that comes from the recording too.
 */
export class RepeatedScheduler implements Clock {
  readonly objects: Objects;
  readonly #objects: Objects;
  readonly #startMs: number;
  readonly #bound: (pod: string, node: string) => void;
  readonly #timers = new Map<number, () => void>();
  readonly #waiting = new Map<string, Waiting[]>();
  /** Answers to calls that have not been made here yet. */
  readonly #early = new Map<string, AnswerLine[]>();
  #pass: (() => void) | undefined;
  #timersSet = 0;
  #atMs: number;

  /**
   * @param parts.startMs since the epoch, when its clock stood at 0
   * @param parts.atMs where its clock stands
   * @param parts.bound told what it binds
   */
  constructor(parts: {
    readonly objects: Objects;
    readonly startMs: number;
    readonly atMs: number;
    readonly bound: (pod: string, node: string) => void;
  }) {
    this.#objects = parts.objects;
    this.#startMs = parts.startMs;
    this.#atMs = parts.atMs;
    this.#bound = parts.bound;
    this.objects = new InterceptedObjects(parts.objects, (call, carryOut) => this.#answer(call, carryOut));
  }

  /** A timer runs; harmless when there is none like that here. */
  turn({ at, timer }: TurnLine): void {
    this.#atMs = at;
    const pass = this.#pass;
    if (timer === undefined) this.#pass = undefined;
    const callback = timer === undefined ? pass : this.#timers.get(timer);
    if (timer !== undefined) this.#timers.delete(timer);
    callback?.();
  }

  /** A call is answered. */
  answer(answer: AnswerLine): void {
    this.#atMs = answer.at;
    const waiting = this.#waiting.get(answer.call);
    const first = waiting?.shift();
    if (waiting?.length === 0) this.#waiting.delete(answer.call);
    if (first !== undefined) first(answer);
    else this.#early.set(answer.call, [...(this.#early.get(answer.call) ?? []), answer]);
  }

  now(): number {
    return Math.floor(this.#startMs + this.#atMs);
  }

  monotonicMs(): number {
    return this.#atMs;
  }

  after(_delayMs: number, callback: () => void, phase?: Phase): Timer {
    if (phase === Phase.scheduling) {
      this.#pass = callback;
      return { cancel: () => this.#cancelPass(callback) };
    }
    const number = this.#timersSet++;
    this.#timers.set(number, callback);
    return { cancel: () => this.#timers.delete(number) };
  }

  every(periodMs: number, callback: () => void, phase?: Phase): Timer {
    return everyOn(this, periodMs, callback, phase);
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, durationMs, signal);
  }

  /** Waits for a strategy of the user's own, until it was there then. */
  async load(loading: Promise<unknown>): Promise<unknown> {
    // It may fail before anybody waits for it.
    loading.catch(() => {});
    await this.#answerTo(LOADING);
    return loading;
  }

  async #answer<T>(call: Call, carryOut: () => Promise<T>): Promise<T> {
    const text = callText(call);
    if (!matters(call)) return call.verb === "get" ? carryOut() : (undefined as T);
    const binding = bindingOf(call);
    if (binding !== undefined) this.#bound(binding.pod, binding.node);
    const { reason, value } = await this.#answerTo(text);
    if (reason !== undefined) throw new ApiError(reason as Reason, `${text} was refused: ${reason}`);
    if (value !== undefined) return value as T;
    return (await this.#nowOf(call)) as T;
  }

  #answerTo(call: string): Promise<AnswerLine> {
    const early = this.#early.get(call);
    const first = early?.shift();
    if (early?.length === 0) this.#early.delete(call);
    if (first !== undefined) return Promise.resolve(first);
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(call);
      if (waiting === undefined) this.#waiting.set(call, [resolve]);
      else waiting.push(resolve);
    });
  }

  #cancelPass(callback: () => void): void {
    if (this.#pass === callback) this.#pass = undefined;
  }

  /** The object as the call left it. */
  async #nowOf({ verb, kind, key }: Call): Promise<unknown> {
    return verb === "act" || verb === "delete" ? undefined : this.#objects.get(kind, key);
  }
}
