import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import type { Socket } from "node:net";
import { urlToHttpOptions } from "node:url";
import type { Dispatcher } from "undici";
import { RealClock } from "../clock/real.ts";

/** How connections are made; PEM texts. */
export interface WireOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Connections at the same time. */
  readonly connections: number;
  /** Longest wait for a connection, for an answer's first byte, and between two pieces of it (0: for ever); in ms. */
  readonly connectTimeoutMs: number;
  readonly headersTimeoutMs: number;
  readonly bodyTimeoutMs: number;
}

type PassedOn = "path" | "method" | "idempotent" | "blocking" | "reset";

/** One request, in undici's words. */
export type WireRequest = Pick<Dispatcher.DispatchOptions, PassedOn> & {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly headersTimeout?: number;
};

const wireClock = new RealClock();

/**
 * Requests to one origin through Node's own client, each alone on its connection. It is loaded and warm at once, where
 * undici's parser costs a process that asks only a few questions ten times the processor time of asking them.
 */
export class PlainWire {
  readonly #origin: RequestOptions;
  readonly #agent: Agent;
  readonly #options: WireOptions;
  readonly #send: typeof import("node:http").request;
  readonly #underWay = new Set<PlainAnswer>();
  #idle: (() => void)[] = [];
  #isClosed = false;

  constructor(origin: string, options: WireOptions) {
    const url = new URL(origin);
    // A process needs the one or the other.
    const name = url.protocol === "https:" ? "node:https" : "node:http";
    const http = process.getBuiltinModule(name);
    const { connections: maxSockets, ca, cert, key } = options;
    this.#origin = urlToHttpOptions(url);
    this.#agent = new http.Agent({ keepAlive: true, maxSockets, ...{ ca, cert, key } });
    this.#send = http.request;
    this.#options = options;
  }

  /** Requests whose answers have not come in full. */
  get open(): number {
    return this.#underWay.size;
  }

  /** Resolves as soon as no request is under way. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      if (this.open === 0) resolve();
      else this.#idle.push(resolve);
    });
  }

  /** Sends a request; the handler is told of its answer, or of the error in its place, and never called in here. */
  dispatch(asked: WireRequest, handler: Dispatcher.DispatchHandler): void {
    const { path, method, body } = asked;
    const length = body === undefined ? undefined : { "content-length": `${Buffer.byteLength(body)}` };
    const headers = { ...asked.headers, ...length };
    const request = this.#send({ ...this.#origin, agent: this.#agent, path, method, headers });
    const answer = new PlainAnswer(request, handler, this.#options.bodyTimeoutMs);
    this.#underWay.add(answer);
    request.once("close", () => this.#closed(answer));
    limitWait(request, answer, {
      connectMs: this.#options.connectTimeoutMs,
      headersMs: asked.headersTimeout ?? this.#options.headersTimeoutMs,
    });
    handler.onRequestStart?.(answer, undefined);
    if (this.#isClosed) answer.abort(new WireClosed());
    else request.end(body);
  }

  /** Ends every connection; requests under way fail. */
  async destroy(): Promise<void> {
    this.#isClosed = true;
    for (const answer of this.#underWay) answer.abort(new WireClosed());
    this.#agent.destroy();
  }

  #closed(answer: PlainAnswer): void {
    this.#underWay.delete(answer);
    if (this.open > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}

/** Hands an answer over, and is what the handler holds it by. */
class PlainAnswer implements Dispatcher.DispatchController {
  readonly #request: ClientRequest;
  readonly #handler: Dispatcher.DispatchHandler;
  #response: IncomingMessage | undefined;
  #isOver = false;
  reason: Error | null = null;

  constructor(request: ClientRequest, handler: Dispatcher.DispatchHandler, bodyTimeoutMs: number) {
    this.#request = request;
    this.#handler = handler;
    request.once("response", (response) => this.#started(response, bodyTimeoutMs));
    request.on("error", (error) => this.#failed(error));
  }

  get aborted(): boolean {
    return this.reason !== null;
  }

  get paused(): boolean {
    return this.#response?.isPaused() === true;
  }

  abort(reason: Error): void {
    this.reason = reason;
    this.#failed(reason);
    // Not with the reason: the connection may be in nobody's hands any more, where errors are not listened for.
    this.#request.destroy();
  }

  pause(): void {
    this.#response?.pause();
  }

  resume(): void {
    this.#response?.resume();
  }

  #started(response: IncomingMessage, bodyTimeoutMs: number): void {
    this.#response = response;
    if (bodyTimeoutMs > 0) response.setTimeout(bodyTimeoutMs, () => this.abort(new WireTimeout()));
    response.on("error", (error) => this.#failed(error));
    // Values of one name stay apart, as two warnings must.
    this.#handler.onResponseStart?.(this, response.statusCode as number, response.headersDistinct);
    response.on("data", (chunk: Buffer) => this.#handler.onResponseData?.(this, chunk));
    response.on("end", () => {
      this.#isOver = true;
      this.#handler.onResponseEnd?.(this, {});
    });
  }

  #failed(error: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#handler.onResponseError?.(this, error);
  }
}

class WireTimeout extends Error {
  readonly code = "ETIMEDOUT";

  constructor() {
    super("no answer came in time");
  }
}

class WireClosed extends Error {
  constructor() {
    super("the client is closed");
  }
}

/** Ends a request that gets no connection, or no answer on the one it has, for so long. */
function limitWait(
  request: ClientRequest,
  answer: PlainAnswer,
  { connectMs, headersMs }: { readonly connectMs: number; readonly headersMs: number },
): void {
  const giveUp = () => answer.abort(new WireTimeout());
  let timer = wireClock.after(headersMs, giveUp);
  const restart = (ms: number) => {
    timer.cancel();
    timer = wireClock.after(ms, giveUp);
  };
  request.once("socket", (socket: Socket & { readonly encrypted?: boolean }) => {
    if (!socket.connecting) return;
    restart(connectMs);
    socket.once(socket.encrypted ? "secureConnect" : "connect", () => restart(headersMs));
  });
  request.once("response", () => timer.cancel());
  request.once("close", () => timer.cancel());
}
