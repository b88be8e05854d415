import { ApiError } from "../api/errors.ts";
import { type Answer, NOT_MODIFIED, type Outlet } from "./answer.ts";
import type { Handler } from "./handler.ts";
import type { ApiRequest } from "./request.ts";

/** Turns a handler into `fetch`: the whole API without a socket, for tests and for use in one process. */
export function fetchFrom(handler: Handler): (request: Request) => Promise<Response> {
  return async (request) => toResponse(await handler.handle(toApiRequest(request)));
}

function toApiRequest(request: Request): ApiRequest {
  const url = new URL(request.url);
  return {
    method: request.method,
    target: `${url.pathname}${url.search}`,
    header: (name) => request.headers.get(name) ?? (name === "host" ? url.host : undefined),
    headersFrom: (prefix) => [...request.headers].filter(([name]) => name.startsWith(prefix)),
    async readBody(limitBytes) {
      const bytes = Buffer.from(await request.arrayBuffer());
      if (bytes.length <= limitBytes) return bytes;
      throw new ApiError("RequestEntityTooLarge", `Request entity too large: limit is ${limitBytes}`);
    },
  };
}

function toResponse(answer: Answer): Response {
  const headers = new Headers();
  for (let index = 0; index < answer.headers.length; index += 2) {
    headers.append(answer.headers[index] as string, answer.headers[index + 1] as string);
  }
  const { status } = answer;
  if (status === NOT_MODIFIED) return new Response(null, { status, headers });
  if (!("stream" in answer)) {
    return new Response(typeof answer.body === "string" ? answer.body : new Uint8Array(answer.body), {
      status,
      headers,
    });
  }
  return new Response(streamOf(answer.stream), { status, headers });
}

/** Bytes that may wait for the reader before it counts as slow. */
const HIGH_WATER_BYTES = 64 * 1024;

function streamOf(open: (outlet: Outlet) => void): ReadableStream<Uint8Array> {
  const waiting: (() => void)[] = [];
  const closing: (() => void)[] = [];
  const wake = () => {
    for (const callback of waiting.splice(0)) callback();
  };
  const sayClosed = () => {
    for (const callback of closing.splice(0)) callback();
  };
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => open(outletOf(controller, waiting, closing, sayClosed)),
      pull: wake,
      cancel: sayClosed,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: HIGH_WATER_BYTES }),
  );
}

function outletOf(
  controller: ReadableStreamDefaultController<Uint8Array>,
  waiting: (() => void)[],
  closing: (() => void)[],
  sayClosed: () => void,
): Outlet {
  let isOpen = true;
  const shut = (how: () => void) => {
    if (!isOpen) return;
    isOpen = false;
    how();
    sayClosed();
  };
  closing.push(() => {
    isOpen = false;
  });
  return {
    get isFull() {
      return isOpen && (controller.desiredSize ?? 0) <= 0;
    },
    write(chunk) {
      if (isOpen) controller.enqueue(typeof chunk === "string" ? Buffer.from(chunk) : new Uint8Array(chunk));
    },
    onReady(callback) {
      if (this.isFull) waiting.push(callback);
      else queueMicrotask(callback);
    },
    onClose: (callback) => void closing.push(callback),
    end: () => shut(() => controller.close()),
    destroy: () => shut(() => controller.error(new Error("the stream was broken off"))),
  };
}
