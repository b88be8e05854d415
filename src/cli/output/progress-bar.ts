import type { Clock } from "../../clock/clock.ts";
import type { Io } from "../io.ts";

const WIDTH_MAX = 30;
/** Not before so long, and not more often than this. */
const FIRST_MS = 150;
const EVERY_MS = 80;

/** `Creating  [==============      ] 8152/9675` on stderr; only on a terminal, and only when it takes a while. */
export class ProgressBar {
  readonly #io: Io;
  readonly #clock: Clock;
  readonly #label: string;
  readonly #total: number;
  readonly #shown: boolean;
  #nextMs: number;
  #drawn = false;

  constructor(io: Io, clock: Clock, label: string, total: number) {
    this.#io = io;
    this.#clock = clock;
    this.#label = label;
    this.#total = total;
    this.#shown = io.stderr.isTTY === true && io.env.TERM !== "dumb" && total > 0;
    this.#nextMs = clock.monotonicMs() + FIRST_MS;
  }

  /** So many are done. */
  update(done: number): void {
    if (!this.#shown) return;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#nextMs) return;
    this.#nextMs = nowMs + EVERY_MS;
    this.#drawn = true;
    const width = this.#width();
    const filled = Math.round((width * done) / this.#total);
    const bar = `[${"=".repeat(filled)}${" ".repeat(width - filled)}]`;
    this.#io.stderr.write(`\r${this.#label} ${bar} ${done}/${this.#total}\u001b[K`);
  }

  /** What the line leaves of a narrow terminal: one that is broken could not be taken away. */
  #width(): number {
    const others = this.#label.length + 2 * String(this.#total).length + "  [] /".length;
    return Math.max(0, Math.min(WIDTH_MAX, this.#io.width("stderr") - others));
  }

  /** Takes the bar away. */
  end(): void {
    if (this.#drawn) this.#io.stderr.write("\r\u001b[K");
    this.#drawn = false;
  }
}
