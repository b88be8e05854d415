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
    this.#run().catch(this.#host.onError);
  }

  async #run(): Promise<void> {
    while (this.#again && this.#host.isRunning()) {
      this.#again = false;
      try {
        await this.#write();
      } catch (error) {
        if (!this.#host.isRunning()) break;
        this.#host.onError(error);
        this.#again = true;
        await this.#host.clock.sleep(RETRY_DELAY_MS);
      }
    }
    this.#isBusy = false;
  }
}
