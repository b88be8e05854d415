import type { Host } from "./host.ts";

/** After a failed write it tries again this much later. */
const RETRY_DELAY_MS = 1_000;

/**
 * Brings one thing in the API to the newest state that is wanted: one write at a time, requests that come meanwhile
 * lead to one more write, and failures are reported and tried again. `write` looks at the wanted state itself.
 */
export class Writer {
  readonly #host: Host;
  readonly #write: () => Promise<void>;
  #isBusy = false;
  #again = false;

  constructor(host: Host, write: () => Promise<void>) {
    this.#host = host;
    this.#write = write;
  }

  request(): void {
    this.#again = true;
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#run();
  }

  #run(): void {
    this.#isBusy = this.#again && this.#host.isRunning();
    if (!this.#isBusy) return;
    this.#again = false;
    this.#write().then(
      () => this.#run(),
      (error: unknown) => this.#failed(error),
    );
  }

  #failed(error: unknown): void {
    if (!this.#host.isRunning()) {
      this.#isBusy = false;
      return;
    }
    this.#host.onError(error);
    this.#again = true;
    this.#host.clock.after(RETRY_DELAY_MS, () => this.#run());
  }
}
