import type { Answer, WholeAnswer } from "../server/answer.ts";
import type { Handler } from "../server/handler.ts";
import type { ApiRequest } from "../server/request.ts";
import type { OpenTunnel } from "../server/upgrade.ts";

/** A handler that listens before the one is there that answers: requests wait for it. */
export class LateHandler implements Handler {
  readonly onError: (error: unknown) => void;
  readonly #awaited: Promise<Handler>;
  #handler: Handler | undefined;
  /** Hands over to the one that answers. */
  give: (handler: Handler) => void = () => {};

  constructor(onError: (error: unknown) => void) {
    this.onError = onError;
    this.#awaited = new Promise((resolve) => {
      this.give = (handler) => {
        this.#handler = handler;
        resolve(handler);
      };
    });
  }

  async handle(request: ApiRequest): Promise<Answer> {
    return (this.#handler ?? (await this.#awaited)).handle(request);
  }

  async upgrade(request: ApiRequest): Promise<OpenTunnel | WholeAnswer> {
    return (this.#handler ?? (await this.#awaited)).upgrade(request);
  }

  endWatches(): void {
    this.#handler?.endWatches();
  }

  get openWatches(): number {
    return this.#handler?.openWatches ?? 0;
  }
}
