import { socketClock } from "../socket-answer.ts";
import { type FrameCarrier, SpdyConnection, type SpdyStream } from "../spdy/connection.ts";
import { ProcessPipe, SERVER_STOPPED } from "./process-pipe.ts";
import { type PortTunnel, type ProcessTunnel, readPort } from "./tunnel.ts";

/** Streams that a client has announced must be there after this. */
const STREAMS_TIMEOUT_MS = 30_000;

/** A connection that serves a tunnel. */
export interface ServedConnection {
  readonly connection: SpdyConnection;
  /** Ends it because the server stops. */
  end(): void;
}

/** Serves exec and attach: the client opens one stream for each of the process's, and one for the end. */
export function serveProcess(
  tunnel: ProcessTunnel,
  carrier: FrameCarrier,
  onClose: () => void,
): ServedConnection {
  const { stdin, stdout, stderr } = tunnel;
  const wanted = [
    "error",
    ...Object.entries({ stdin, stdout, stderr }).flatMap(([name, is]) => (is ? [name] : [])),
  ];
  const streams = new Map<string, SpdyStream>();
  const early: (() => void)[] = [];
  let pipe: ProcessPipe | undefined;
  const withPipe = (action: (pipe: ProcessPipe) => void) => {
    if (pipe === undefined) early.push(() => action(pipe as ProcessPipe));
    else action(pipe);
  };
  const finish = (status: object) => {
    for (const name of ["stdout", "stderr"]) streams.get(name)?.end();
    streams.get("error")?.write(Buffer.from(JSON.stringify(status)));
    streams.get("error")?.end();
    connection.close();
  };
  const timer = socketClock.after(STREAMS_TIMEOUT_MS, () => connection.close());
  const connection = new SpdyConnection(
    carrier,
    (stream) => {
      const type = stream.headers.get("streamtype") ?? "";
      streams.set(type, stream);
      if (type === "stdin") {
        stream.onData = (bytes) => withPipe((each) => each.input(Buffer.from(bytes)));
        stream.onEnd = () => withPipe((each) => each.endInput());
      }
      if (type === "resize") {
        stream.onData = (bytes) => withPipe((each) => each.resize(Buffer.from(bytes).toString()));
      }
      if (pipe !== undefined || !wanted.every((name) => streams.has(name))) return;
      timer.cancel();
      pipe = new ProcessPipe(tunnel, {
        stdout: (bytes) => streams.get("stdout")?.write(bytes),
        stderr: (bytes) => streams.get("stderr")?.write(bytes),
        finish,
      });
      for (const action of early.splice(0)) action();
    },
    () => {
      timer.cancel();
      pipe?.hangUp();
      onClose();
    },
  );
  return { connection, end: () => finish(SERVER_STOPPED) };
}

/** Serves port-forward: for each connection the client opens an error stream and a data stream. */
export function servePorts(tunnel: PortTunnel, carrier: FrameCarrier, onClose: () => void): SpdyConnection {
  const errors = new Map<string, SpdyStream>();
  return new SpdyConnection(
    carrier,
    (stream) => {
      const request = stream.headers.get("requestid") ?? "";
      if (stream.headers.get("streamtype") === "error") {
        errors.set(request, stream);
      } else {
        const error = errors.get(request);
        errors.delete(request);
        join(tunnel, stream, error);
      }
    },
    onClose,
  );
}

function join(tunnel: PortTunnel, stream: SpdyStream, error: SpdyStream | undefined): void {
  const early: Buffer[] = [];
  let isEnded = false;
  stream.onData = (bytes) => void early.push(Buffer.from(bytes));
  stream.onEnd = () => {
    isEnded = true;
  };
  const text = stream.headers.get("port") ?? "";
  const peer = { receive: (chunk: Uint8Array) => stream.write(chunk), closed: () => finish() };
  const finish = () => {
    stream.end();
    error?.end();
  };
  const open = async () => {
    const connection = await tunnel.connect(readPort(text), peer);
    stream.onData = (bytes) => connection.send(Buffer.from(bytes));
    stream.onEnd = () => connection.end();
    for (const bytes of early.splice(0)) connection.send(bytes);
    if (isEnded) connection.end();
  };
  open().catch((problem: unknown) => {
    const why = problem instanceof Error ? problem.message : String(problem);
    error?.write(Buffer.from(`an error occurred forwarding port ${text}: ${why}`));
    finish();
  });
}
