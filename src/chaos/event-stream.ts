import type { Clock } from "../clock/clock.ts";
import type { ChaosEvent, ChaosHappening } from "./events.ts";
import { Ledger } from "./ledger.ts";

/** Stamps what happens, keeps the ledger, passes it on. */
export class EventStream {
  readonly ledger = new Ledger();
  readonly #clock: Clock;
  readonly #startMs: number;
  readonly #onEvent: (event: ChaosEvent) => void;

  constructor(clock: Clock, onEvent: (event: ChaosEvent) => void) {
    this.#clock = clock;
    this.#startMs = clock.monotonicMs();
    this.#onEvent = onEvent;
  }

  /** Milliseconds since the run began, whole. */
  elapsedMs(): number {
    return Math.round(this.#clock.monotonicMs() - this.#startMs);
  }

  emit(happening: ChaosHappening): void {
    this.emitAt(this.elapsedMs(), happening);
  }

  /** For dry runs, whose events lie in the future. */
  emitAt(t: number, happening: ChaosHappening): void {
    const wallMs = this.#clock.now() - this.elapsedMs() + t;
    const event: ChaosEvent = { t, at: new Date(wallMs).toISOString(), ...happening };
    this.ledger.apply(event);
    this.#onEvent(event);
  }
}
