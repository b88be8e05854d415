import type { TLSSocket } from "node:tls";
import type { Handler } from "../handler.ts";
import type { Http2Sessions } from "./sessions.ts";

/**
 * Where sockets go that have agreed on HTTP/2. What speaks it is loaded for the first of them: a library's cluster and
 * kubesim's own commands never need it.
 */
export class Http2Door {
  readonly #handler: Handler;
  readonly #sockets = new Set<TLSSocket>();
  #sessions: Http2Sessions | undefined;
  #loading: Promise<void> | undefined;

  constructor(handler: Handler) {
    this.#handler = handler;
  }

  /** Takes a socket whose handshake is over. */
  take(socket: TLSSocket): void {
    // A reset at any time is the client's affair.
    socket.on("error", () => socket.destroy());
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    if (this.#sessions !== undefined) {
      this.#sessions.open(socket);
      return;
    }
    this.#loading ??= this.#load();
    this.#loading
      .then(() => this.#sessions?.open(socket))
      .catch((error: unknown) => {
        this.#handler.onError(error);
        socket.destroy();
      });
  }

  /** Takes no further request; each connection closes when its last answer is out. */
  close(): void {
    this.#sessions?.close();
  }

  /** Breaks every connection off. */
  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async #load(): Promise<void> {
    const { Http2Sessions } = await import("./sessions.ts");
    this.#sessions = new Http2Sessions(this.#handler);
  }
}
