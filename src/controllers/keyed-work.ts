import type { Clock } from "../clock/clock.ts";

/** A piece of work that failed is tried again this much later. */
const RETRY_DELAY_MS = 1_000;

/**
 * Work by key: never twice at once for one key; a request that comes while it runs leads to one more run; a failure is
 * reported and tried again.
 */
export class KeyedWork {
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  readonly #work: (key: string) => Promise<void>;
  /** The keys whose work is running, and whether it has to run once more. */
  readonly #running = new Map<string, boolean>();
  #isStopped = false;

  constructor(
    context: { readonly clock: Clock; readonly onError: (error: unknown) => void },
    work: (key: string) => Promise<void>,
  ) {
    this.#clock = context.clock;
    this.#onError = context.onError;
    this.#work = work;
  }

  request(key: string): void {
    const isRunning = this.#running.has(key);
    this.#running.set(key, isRunning);
    if (!isRunning && !this.#isStopped) this.#run(key);
  }

  stop(): void {
    this.#isStopped = true;
  }

  #run(key: string): void {
    this.#running.set(key, false);
    this.#work(key).then(
      () => this.#goOn(key),
      (error: unknown) => this.#failed(key, error),
    );
  }

  #goOn(key: string): void {
    if (this.#running.get(key) === true && !this.#isStopped) this.#run(key);
    else this.#running.delete(key);
  }

  #failed(key: string, error: unknown): void {
    if (this.#isStopped) {
      this.#running.delete(key);
      return;
    }
    this.#onError(error);
    this.#running.set(key, true);
    this.#clock.after(RETRY_DELAY_MS, () => this.#goOn(key));
  }
}
