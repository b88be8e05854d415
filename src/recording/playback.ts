import type { ChaosEvent } from "../chaos/events.ts";
import type { Ledger } from "../chaos/ledger.ts";
import { eventsToRestore, ledgerOf } from "./keyframe.ts";
import { isEvent } from "./line.ts";
import type { LineReader } from "./line-reader.ts";
import type { RecordingFile } from "./recording-file.ts";

/** Events between two keyframes, at first. */
const EVENTS_PER_KEYFRAME = 4_000;
/** Nodes and pods kept in all keyframes together; beyond it every second keyframe goes. */
const KEPT_MAX = 400_000;
/** The last events that are kept for who wants to tell what happened. */
const RECENT = 100;

interface Keyframe {
  readonly t: number;
  readonly offset: number;
  readonly number: number;
  readonly events: number;
  readonly restore: readonly ChaosEvent[];
  readonly recent: readonly ChaosEvent[];
}

/**
 * A place in a recording, and the cluster as it was there. Goes on by reading on, and back by way of keyframes that
 * were made while it went on: what is held in memory is the state of the moment and a bounded number of older ones.
 */
export class Playback {
  readonly #file: RecordingFile;
  #reader: LineReader;
  #ledger: Ledger = ledgerOf([]);
  #recent: ChaosEvent[] = [];
  #events = 0;
  #positionMs = 0;
  /** Read, but later than the position. */
  #next: ChaosEvent | undefined;
  #nextAt = { offset: 0, number: 1 };
  #runStarted: ChaosEvent | undefined;
  #keyframes: Keyframe[] = [];
  #everyEvents = EVENTS_PER_KEYFRAME;

  constructor(file: RecordingFile) {
    this.#file = file;
    this.#reader = file.reader();
    this.#peek();
  }

  /** Ms since the start. */
  get positionMs(): number {
    return this.#positionMs;
  }

  /** The cluster at the position. */
  get ledger(): Ledger {
    return this.#ledger;
  }

  /** What happened last, the latest at the end. */
  get recent(): readonly ChaosEvent[] {
    return this.#recent;
  }

  /** Events so far. */
  get events(): number {
    return this.#events;
  }

  get isAtEnd(): boolean {
    return this.#next === undefined;
  }

  /** Goes to a time, forwards or back; everything of that instant has happened then. */
  seek(t: number): void {
    const wantedMs = Math.max(0, t);
    if (wantedMs < this.#positionMs) this.#goBack(wantedMs);
    while (this.#next !== undefined && this.#next.t <= wantedMs) this.#take(this.#next);
    this.#positionMs = Math.min(wantedMs, Math.max(this.#file.durationMs, this.#positionMs));
  }

  /** Goes to the next instant at which something happens. @returns false at the end */
  step(): boolean {
    if (this.#next === undefined) return false;
    this.seek(this.#next.t);
    return true;
  }

  /** Goes to the last instant before this one at which something happened. @returns false at the beginning */
  stepBack(): boolean {
    const here = this.#recent.at(-1)?.t ?? 0;
    const before = here < this.#positionMs ? here : this.#instantBefore(this.#positionMs);
    if (before === undefined) return false;
    this.seek(before);
    return true;
  }

  #instantBefore(t: number): number | undefined {
    const before = this.#recent.findLast((event) => event.t < t)?.t;
    // One instant may have more events than are kept.
    if (before !== undefined || this.#events <= RECENT) return before;
    this.#goBack(t - 1);
    while (this.#next !== undefined && this.#next.t < t) this.#take(this.#next);
    return this.#recent.at(-1)?.t;
  }

  #take(event: ChaosEvent): void {
    this.#ledger.apply(event);
    this.#runStarted ??= event;
    this.#events++;
    this.#positionMs = Math.max(this.#positionMs, event.t);
    this.#recent.push(event);
    if (this.#recent.length > 2 * RECENT) this.#recent = this.#recent.slice(-RECENT);
    this.#peek();
    // Only between instants, so that a keyframe is whole.
    const last = this.#keyframes.at(-1)?.events ?? 0;
    if (this.#events - last >= this.#everyEvents && this.#next !== undefined && this.#next.t > event.t) {
      this.#keep();
    }
  }

  #peek(): void {
    for (;;) {
      this.#nextAt = { offset: this.#reader.offset, number: this.#reader.number };
      const place = this.#reader.next();
      if (place === undefined) break;
      const line = this.#file.parse(place);
      if (!isEvent(line)) continue;
      this.#next = line;
      return;
    }
    this.#next = undefined;
  }

  #keep(): void {
    const restore = eventsToRestore(this.#ledger, this.#runStarted as ChaosEvent);
    const recent = this.#recent.slice(-RECENT);
    const t = this.#positionMs;
    this.#keyframes.push({ t, ...this.#nextAt, events: this.#events, restore, recent });
    const kept = this.#keyframes.reduce((sum, frame) => sum + frame.restore.length, 0);
    if (kept <= KEPT_MAX || this.#keyframes.length < 2) return;
    this.#keyframes = this.#keyframes.filter((_, index) => index % 2 === 1);
    this.#everyEvents *= 2;
  }

  /** Goes to the last keyframe at that time or before; to the beginning when there is none. */
  #goBack(t: number): void {
    const frame = this.#keyframes.findLast((one) => one.t <= t);
    this.#ledger = ledgerOf(frame?.restore ?? []);
    this.#recent = [...(frame?.recent ?? [])];
    this.#events = frame?.events ?? 0;
    this.#positionMs = frame?.t ?? 0;
    this.#reader = this.#file.reader(frame);
    this.#peek();
  }
}
