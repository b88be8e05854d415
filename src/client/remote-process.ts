import type { IncomingMessage } from "node:http";
import type { ClientOptions, RawData, WebSocket } from "ws";
import type { Status } from "../api/errors.ts";
import { LocalError, unreachable } from "./errors.ts";
import { apiErrorOf, parseOrText } from "./status-answer.ts";
import type { Endpoint } from "./transport.ts";

/** A command in a container, and what it is joined to. */
export interface ProcessRequest {
  readonly container?: string;
  readonly command: readonly string[];
  readonly tty: boolean;
  /** Absent: the command gets no input. */
  readonly input?: ProcessInput;
  stdout(bytes: Uint8Array): void;
  stderr(bytes: Uint8Array): void;
}

/** Where a command's input comes from; each is subscribed to once, when the command runs. */
export interface ProcessInput {
  onData(listener: (bytes: Uint8Array) => void): void;
  onEnd(listener: () => void): void;
  /** Calls with the size of the terminal, now and whenever it changes; never where there is none. */
  onSize(listener: (columns: number, rows: number) => void): void;
}

const PROTOCOL = "v5.channel.k8s.io";
const Channel = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;
const HANDSHAKE_TIMEOUT_MS = 10_000;
const NORMAL_CLOSURE = 1_000;

/**
 * Runs the command over a WebSocket and resolves with its exit code. Fails with the ApiError of a refusal, with
 * ServerUnreachable, or with LocalError when the connection ends before the command does.
 */
export async function runProcess(
  endpoint: Endpoint,
  path: string,
  request: ProcessRequest,
  signal: AbortSignal,
): Promise<number> {
  const { WebSocket: Client } = await import("ws");
  const address = `${endpoint.url.replace(/^http/, "ws").replace(/\/+$/, "")}${path}?${queryOf(request)}`;
  const socket = new Client(address, PROTOCOL, connectionOf(endpoint));
  const leave = () => socket.close(NORMAL_CLOSURE);
  signal.addEventListener("abort", leave, { once: true });
  if (signal.aborted) leave();
  try {
    return await outcomeOf(socket, endpoint.url, request);
  } finally {
    signal.removeEventListener("abort", leave);
    socket.terminate();
  }
}

function connectionOf({ token, certificateAuthority, clientCertificate }: Endpoint): ClientOptions {
  return {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    perMessageDeflate: false,
    ...(certificateAuthority !== undefined && { ca: certificateAuthority }),
    ...(clientCertificate !== undefined && {
      cert: clientCertificate.certificate,
      key: clientCertificate.key,
    }),
  };
}

function queryOf({ container, command, tty, input }: ProcessRequest): string {
  const query = new URLSearchParams();
  for (const word of command) query.append("command", word);
  if (container !== undefined) query.set("container", container);
  query.set("stdin", String(input !== undefined));
  query.set("stdout", "true");
  query.set("stderr", String(!tty));
  query.set("tty", String(tty));
  return query.toString();
}

function outcomeOf(socket: WebSocket, url: string, request: ProcessRequest): Promise<number> {
  return new Promise((resolve, reject) => {
    socket.on("open", () => request.input !== undefined && sendInput(socket, request.input));
    socket.on("message", (data) => {
      const bytes = bytesOf(data);
      const content = bytes.subarray(1);
      if (bytes[0] === Channel.stdout) request.stdout(content);
      else if (bytes[0] === Channel.stderr) request.stderr(content);
      else if (bytes[0] === Channel.error) settle(url, content, resolve, reject);
    });
    socket.on("unexpected-response", (_request, response) => {
      readText(response).then(
        (text) => reject(apiErrorOf(url, response.statusCode ?? 0, parseOrText(text))),
        reject,
      );
    });
    socket.on("error", (error) => reject(unreachable(url, error)));
    socket.on("close", () => reject(lost()));
  });
}

/** What became of the command, as the status on its last channel says. */
function settle(
  url: string,
  content: Buffer,
  resolve: (code: number) => void,
  reject: (error: Error) => void,
): void {
  const status = parseOrText(content.toString()) as Partial<Status>;
  const code = status.details?.causes?.find(({ reason }) => reason === "ExitCode")?.message;
  if (status.status === "Success") resolve(0);
  else if (code !== undefined) resolve(Number(code));
  else reject(apiErrorOf(url, status.code ?? 500, { kind: "Status", ...status }));
}

function lost(): Error {
  return new LocalError(
    "The connection to the container ended before the command did",
    "The server has stopped, or the pod is gone: kubesim pods list",
  );
}

function sendInput(socket: WebSocket, input: ProcessInput): void {
  const send = (channel: number, bytes: Uint8Array) => {
    if (socket.readyState === socket.OPEN) socket.send(Buffer.concat([Buffer.from([channel]), bytes]));
  };
  input.onData((bytes) => send(Channel.stdin, bytes));
  input.onEnd(() => send(Channel.close, Buffer.from([Channel.stdin])));
  input.onSize((Width, Height) => send(Channel.resize, Buffer.from(JSON.stringify({ Width, Height }))));
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

async function readText(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}
