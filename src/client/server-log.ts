import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import type { Clock } from "../clock/clock.ts";
import { codeOf } from "./errors.ts";

const POLL_MS = 200;
const BLOCK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** Where the last `lines` lines of a file begin, in bytes; 0 when it has fewer. Fails when there is no file. */
export async function tailStart(path: string, lines: number): Promise<number> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    let remaining = lines;
    const block = Buffer.alloc(BLOCK_BYTES);
    for (let end = size; end > 0; ) {
      const start = Math.max(0, end - BLOCK_BYTES);
      const { bytesRead } = await file.read(block, 0, end - start, start);
      for (let index = bytesRead - 1; index >= 0; index--) {
        // The newline at the very end closes the last line; it opens none.
        if (block[index] !== NEWLINE || start + index === size - 1) continue;
        remaining--;
        if (remaining <= 0) return lines === 0 ? size : start + index + 1;
      }
      end = start;
    }
    return lines === 0 ? size : 0;
  } finally {
    await file.close();
  }
}

/** Copies a file from an offset to its present end; returns that end. */
export async function copyFrom(path: string, start: number, write: (chunk: Buffer) => void): Promise<number> {
  let position = start;
  for await (const chunk of createReadStream(path, { start })) {
    write(chunk as Buffer);
    position += (chunk as Buffer).length;
  }
  return position;
}

/** Goes on copying what is added, until the signal is aborted. A file that was replaced is read from its start. */
export async function followFrom(
  path: string,
  start: number,
  write: (chunk: Buffer) => void,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  let position = start;
  while (!signal.aborted) {
    const size = await sizeOf(path);
    if (size < position) position = 0;
    if (size > position) position = await copyFrom(path, position, write);
    await clock.sleep(POLL_MS, signal).catch(() => undefined);
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return 0;
    throw error;
  }
}
