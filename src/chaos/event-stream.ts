import type { Clock } from "../clock/clock.ts";
import { isoTime } from "../lib/iso-time.ts";
import type { ChaosEvent, ChaosHappening } from "./events.ts";
import { Ledger } from "./ledger.ts";

/** Stamps what happens, keeps the ledger, passes it on. */
export class EventStream {
  readonly ledger = new Ledger();
  readonly #clock: Clock;
  /** When the first event was stamped. */
  #startMs: number | undefined;
  #ended = false;
  readonly #onEvent: (event: ChaosEvent) => void;
  readonly #before: ((event: ChaosEvent) => void) | undefined;
  #stampMs = Number.NaN;
  #stamp = "";

  /** @param before told of an event while the ledger is still as it was before it */
  constructor(clock: Clock, onEvent: (event: ChaosEvent) => void, before?: (event: ChaosEvent) => void) {
    this.#clock = clock;
    this.#onEvent = onEvent;
    this.#before = before;
  }

  /** Milliseconds since the first event, whole. */
  elapsedMs(): number {
    const nowMs = this.#clock.monotonicMs();
    this.#startMs ??= nowMs;
    return Math.round(nowMs - this.#startMs);
  }

  emit(happening: ChaosHappening): void {
    this.emitAt(this.elapsedMs(), happening);
  }

  /** For dry runs, whose events lie in the future. */
  emitAt(t: number, happening: ChaosHappening): void {
    if (this.#ended) return;
    // Watches may still have something to tell when the run is over; its log ends here.
    this.#ended = happening.type === "run-ended";
    const wallMs = this.#clock.now() - this.elapsedMs() + t;
    if (wallMs !== this.#stampMs) {
      this.#stampMs = wallMs;
      this.#stamp = isoTime(wallMs);
    }
    const event: ChaosEvent = { t, at: this.#stamp, ...happening };
    this.#before?.(event);
    this.ledger.apply(event);
    this.#onEvent(event);
  }
}
