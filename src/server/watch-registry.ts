import { ApiError } from "../api/errors.ts";

/** A watch that can be told to end. */
interface Endable {
  end(): void;
}

/** The open watches of a server: counted, limited, and ended together when it stops. */
export class WatchRegistry {
  readonly #max: number;
  readonly #open = new Set<Endable>();

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Fails with TooManyRequests when no further watch may be opened. */
  checkRoom(): void {
    if (this.#open.size < this.#max) return;
    throw new ApiError("TooManyRequests", `too many watches are open (${this.#max})`, {
      retryAfterSeconds: 1,
    });
  }

  add(watch: Endable): void {
    this.#open.add(watch);
  }

  delete(watch: Endable): void {
    this.#open.delete(watch);
  }

  /** Ends every watch cleanly. */
  endAll(): void {
    for (const watch of [...this.#open]) watch.end();
  }
}
