import { ApiError } from "../api/errors.ts";
import type { Kind } from "../api/kind.ts";

/** A watch, or another long answer, that can be told to end. */
interface Endable {
  /** Absent for what is not of objects. */
  readonly kind?: Kind;
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
    throw new ApiError("TooManyRequests", `too many watches or connections are open (${this.#max})`, {
      retryAfterSeconds: 1,
    });
  }

  add(watch: Endable): void {
    this.#open.add(watch);
  }

  delete(watch: Endable): void {
    this.#open.delete(watch);
  }

  /** Ends every watch cleanly, or those of the kinds that are not served any more. */
  endAll(isGone: (kind: Kind | undefined) => boolean = () => true): void {
    for (const watch of [...this.#open]) if (isGone(watch.kind)) watch.end();
  }
}
