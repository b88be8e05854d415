import type { Clock } from "../clock/clock.ts";
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

  constructor(clock: Clock, onEvent: (event: ChaosEvent) => void) {
    this.#clock = clock;
    this.#onEvent = onEvent;
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
    const event: ChaosEvent = { t, at: new Date(wallMs).toISOString(), ...happening };
    this.ledger.apply(event);
    this.#onEvent(event);
  }
}
