import type { Readable } from "node:stream";
import { ApiError } from "../api/errors.ts";

/** A body on its way: an IncomingMessage or an HTTP/2 stream. */
type BodySource = Readable & { readonly aborted: boolean };

/**
 * Reads a body to its end. Fails with BadRequest when its client breaks it off, and with RequestEntityTooLarge, without
 * reading on, when it is longer than the limit or says so beforehand; `onTooLong` is called first.
 */
export function readWhole(
  source: BodySource,
  declaredLength: string | undefined,
  limitBytes: number,
  onTooLong: () => void,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let first: Buffer | undefined;
    let more: Buffer[] | undefined;
    let length = 0;
    const onData = (chunk: Buffer) => {
      length += chunk.length;
      if (length > limitBytes) refuse();
      else if (first === undefined) first = chunk;
      else if (more === undefined) more = [first, chunk];
      else more.push(chunk);
    };
    const refuse = () => {
      onTooLong();
      source.off("data", onData);
      source.pause();
      reject(tooLarge(limitBytes));
    };
    const breakOff = () => reject(new ApiError("BadRequest", "the request body ended too early"));
    if (Number(declaredLength ?? 0) > limitBytes) {
      refuse();
      return;
    }
    source.on("data", onData);
    source.on("end", () => {
      // An HTTP/2 stream that is reset ends like one that is whole.
      if (source.aborted) breakOff();
      else resolve(more === undefined ? (first ?? EMPTY) : Buffer.concat(more, length));
    });
    source.on("error", breakOff);
    source.on("close", breakOff);
  });
}

const EMPTY = Buffer.alloc(0);

function tooLarge(limitBytes: number): ApiError {
  return new ApiError("RequestEntityTooLarge", `Request entity too large: limit is ${limitBytes}`);
}
