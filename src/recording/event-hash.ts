import { createHash } from "node:crypto";
import type { ChaosEvent } from "../chaos/events.ts";

/** Lines are handed to the hash in pieces of about this many characters. */
const PIECE = 65_536;

/** The sha256 of a run's events as run.jsonl, made while they come; nothing is kept. */
export class EventHash {
  readonly #hash = createHash("sha256");
  #pending = "";
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(event: ChaosEvent): void {
    this.addLine(JSON.stringify(event));
  }

  /** As `add`, for an event that is text already; without its newline. */
  addLine(line: string): void {
    this.#count++;
    this.#pending += `${line}\n`;
    if (this.#pending.length < PIECE) return;
    this.#hash.update(this.#pending);
    this.#pending = "";
  }

  /** In hex, of what has come so far. */
  digest(): string {
    return this.#hash.copy().update(this.#pending).digest("hex");
  }
}
