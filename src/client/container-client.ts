import type { Kind } from "../api/kind.ts";
import { pods } from "../api/kinds/pod.ts";
import type { ObjectKey } from "../api/meta.ts";
import { unreachable } from "./errors.ts";
import { type ProcessRequest, runProcess } from "./remote-process.ts";
import { objectPath, type Query } from "./resource-path.ts";
import { apiErrorOf, parseOrText } from "./status-answer.ts";
import type { Transport } from "./transport.ts";

/** Which part of a container's log is wanted; as the API has it. */
export interface LogRequest {
  readonly container?: string;
  readonly follow?: boolean;
  readonly previous?: boolean;
  readonly timestamps?: boolean;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
}

/** What a server does with the containers of pods for its clients. */
export interface ContainerClient {
  /**
   * Hands the log over piece by piece until it ends or the signal aborts. Fails with the ApiError that the server
   * answers, or with ServerUnreachable.
   */
  log(
    key: ObjectKey,
    request: LogRequest,
    write: (piece: Uint8Array) => void,
    signal: AbortSignal,
  ): Promise<void>;
  /** Runs a command; resolves with its exit code. Fails as `log` does. */
  exec(key: ObjectKey, request: ProcessRequest, signal: AbortSignal): Promise<number>;
}

/** The containers of the server behind a transport. */
export function containerClient(transport: Transport): ContainerClient {
  const path = (key: ObjectKey, subresource: string, query?: Query) =>
    objectPath(pods as unknown as Kind, key, subresource, query);
  return {
    log: (key, request, write, signal) => readLog(transport, path(key, "log", { ...request }), write, signal),
    exec: (key, request, signal) => runProcess(transport.endpoint, path(key, "exec"), request, signal),
  };
}

function readLog(
  transport: Transport,
  path: string,
  write: (piece: Uint8Array) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let status = 0;
    const refusal: Buffer[] = [];
    const stop = transport.stream(path, {
      start(code) {
        status = code;
      },
      chunk(bytes) {
        if (status >= 400) refusal.push(bytes);
        else write(bytes);
      },
      end(error) {
        signal.removeEventListener("abort", leave);
        if (error !== undefined) reject(unreachable(transport.url, error));
        else if (status < 400) resolve();
        else reject(apiErrorOf(transport.url, status, parseOrText(Buffer.concat(refusal).toString())));
      },
    });
    const leave = () => {
      stop();
      resolve();
    };
    if (signal.aborted) leave();
    else signal.addEventListener("abort", leave, { once: true });
  });
}
