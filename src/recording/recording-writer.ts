import type { ChaosEvent } from "../chaos/events.ts";
import { EventHash } from "./event-hash.ts";
import type { OwnLine, RecordingHeader } from "./line.ts";

/** Text is handed over in pieces of about this many characters. */
const PIECE = 65_536;

/** Writes a recording line by line; keeps nothing but the piece that is not full yet. */
export class RecordingWriter {
  readonly #write: (text: string) => void;
  readonly #hash = new EventHash();
  #pending = "";
  #lastMs = 0;

  /** @param write takes the next piece of the file; whatever it throws, `line`, `event` and `end` throw */
  constructor(header: RecordingHeader, write: (text: string) => void) {
    this.#write = write;
    this.line(header);
  }

  /** Events so far. */
  get events(): number {
    return this.#hash.count;
  }

  line(line: OwnLine): void {
    this.#add(JSON.stringify(line));
  }

  event(event: ChaosEvent): void {
    const text = JSON.stringify(event);
    this.#hash.addLine(text);
    this.#lastMs = event.t;
    this.#add(text);
  }

  /** Writes the last line and whatever is left. @param t ms since the start; the last event's when absent */
  end(t = this.#lastMs): void {
    this.line({ recording: "end", t, events: this.#hash.count, sha256: this.#hash.digest() });
    this.flush();
  }

  /** Hands over what there is. */
  flush(): void {
    if (this.#pending === "") return;
    this.#write(this.#pending);
    this.#pending = "";
  }

  #add(text: string): void {
    this.#pending += `${text}\n`;
    if (this.#pending.length >= PIECE) this.flush();
  }
}
