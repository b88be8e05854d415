import type { Dispatcher } from "undici";
import { PlainWire, type WireOptions, type WireRequest } from "./plain-wire.ts";

/** How requests travel. */
export interface GrowingOptions extends WireOptions {
  /** As many at the same time go one by one; with more the pool takes over. */
  readonly few: number;
  /**
   * So many leave on one connection before the first answer has come, in the order in which they were asked for. The
   * pool then waits until those before it are answered.
   */
  readonly pipelining?: number;
}

type Sending = readonly [request: WireRequest, handler: Dispatcher.DispatchHandler];

/**
 * The way to one origin: for a few requests Node's own client, which is there at once, and as soon as there are many at
 * the same time a pool of undici's, which takes a third of the processor time for each.
 */
export class Wire {
  readonly #origin: string;
  readonly #options: GrowingOptions;
  readonly #plain: PlainWire;
  #pool: Dispatcher | undefined;
  #isGrowing = false;
  #isClosed = false;
  /** What waits for the pool. */
  #waiting: Sending[] = [];

  constructor(origin: string, options: GrowingOptions) {
    this.#origin = origin;
    this.#options = options;
    this.#plain = new PlainWire(origin, options);
  }

  /** Sends a request, or has it wait for the pool. */
  dispatch(request: WireRequest, handler: Dispatcher.DispatchHandler): void {
    if (this.#pool !== undefined) {
      this.#pool.dispatch(request, handler);
      return;
    }
    if (this.#isClosed || (!this.#isGrowing && this.#plain.open < this.#options.few)) {
      this.#plain.dispatch(request, handler);
      return;
    }
    this.#waiting.push([request, handler]);
    if (this.#isGrowing) return;
    this.#isGrowing = true;
    void this.#grow();
  }

  /** Ends every connection; requests under way fail. */
  async destroy(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([this.#plain.destroy(), this.#pool?.destroy()]);
  }

  async #grow(): Promise<void> {
    const { pipelining, connections, connectTimeoutMs, headersTimeoutMs, bodyTimeoutMs, ...rest } =
      this.#options;
    const [{ default: Pool }] = await Promise.all([
      import("undici/lib/dispatcher/pool.js"),
      pipelining && this.#plain.idle(),
    ]);
    const { ca, cert, key } = rest;
    const pool = new Pool(this.#origin, {
      connections,
      ...(pipelining !== undefined && { pipelining }),
      connect: { timeout: connectTimeoutMs, ...{ ca, cert, key } },
      headersTimeout: headersTimeoutMs,
      bodyTimeout: bodyTimeoutMs,
    });
    this.#pool = pool;
    if (this.#isClosed) await pool.destroy();
    for (const [request, handler] of this.#waiting.splice(0)) pool.dispatch(request, handler);
  }
}
