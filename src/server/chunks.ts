import { constants, createGzip, type Gzip } from "node:zlib";
import { type Answer, JSON_HEADERS, type Outlet } from "./answer.ts";

/** Answers longer than this are streamed, and compressed for clients that take it. */
const WHOLE_LIMIT_BYTES = 128 * 1024;
/** What is handed to the outlet at once: large enough to be cheap, small enough not to hold up others. */
const SLICE_BYTES = 64 * 1024;

/**
 * Answers 200 with JSON made piece by piece: whole when it is short, else streamed in slices with a turn of the event
 * loop between them, so that a list of 10,000 pods does not hold up the watches.
 */
export function answerPieces(
  pieces: Iterator<Buffer | string>,
  acceptsGzip: boolean,
  onError: (error: unknown) => void,
): Answer {
  const slices = slicesOf(pieces);
  const begun: Buffer[] = [];
  let length = 0;
  while (length <= WHOLE_LIMIT_BYTES) {
    const next = slices.next();
    if (next.done) return { status: 200, headers: JSON_HEADERS, body: Buffer.concat(begun) };
    begun.push(next.value);
    length += next.value.length;
  }
  const headers = acceptsGzip
    ? [...JSON_HEADERS, "content-encoding", "gzip", "vary", "accept-encoding"]
    : JSON_HEADERS;
  return {
    status: 200,
    headers,
    stream: (outlet) => {
      const target = acceptsGzip ? gzipped(outlet) : outlet;
      for (const slice of begun) target.write(slice);
      pump(slices, target, onError);
    },
  };
}

/** As much of an outlet as a list needs. */
type Target = Pick<Outlet, "write" | "end" | "onReady" | "onClose" | "destroy">;

/** True when the client takes gzip. */
export function takesGzip(acceptEncoding: string | undefined): boolean {
  return (
    acceptEncoding !== undefined && /(^|[\s,])gzip(\s*(,|$|;(?!\s*q=0(\.0*)?\s*(,|$))))/i.test(acceptEncoding)
  );
}

function* slicesOf(pieces: Iterator<Buffer | string>): Generator<Buffer, undefined> {
  let parts: Buffer[] = [];
  let length = 0;
  for (let next = pieces.next(); !next.done; next = pieces.next()) {
    const part = typeof next.value === "string" ? Buffer.from(next.value) : next.value;
    parts.push(part);
    length += part.length;
    if (length < SLICE_BYTES) continue;
    yield Buffer.concat(parts, length);
    parts = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(parts, length);
  return undefined;
}

function pump(slices: Iterator<Buffer>, target: Target, onError: (error: unknown) => void): void {
  let closed = false;
  target.onClose(() => {
    closed = true;
  });
  const next = () => {
    if (closed) return;
    try {
      const slice = slices.next();
      if (slice.done) return target.end();
      target.write(slice.value);
      target.onReady(next);
    } catch (error) {
      onError(error);
      target.destroy();
    }
  };
  target.onReady(next);
}

/** An outlet that compresses on the way; level 1, as loopback is faster than any better level. */
function gzipped(outlet: Outlet): Target {
  const gzip: Gzip = createGzip({ level: constants.Z_BEST_SPEED });
  gzip.on("data", (chunk: Buffer) => outlet.write(chunk));
  gzip.on("end", () => outlet.end());
  gzip.on("error", () => outlet.destroy());
  outlet.onClose(() => gzip.destroy());
  return {
    write: (chunk) => void gzip.write(chunk),
    end: () => void gzip.end(),
    onReady: (callback) => {
      const ask = () => outlet.onReady(callback);
      if (gzip.writableNeedDrain) gzip.once("drain", ask);
      else ask();
    },
    onClose: (callback) => outlet.onClose(callback),
    destroy: () => outlet.destroy(),
  };
}
