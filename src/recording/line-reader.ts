import { readSync } from "node:fs";

const CHUNK = 262_144;
const NEWLINE = 0x0a;

/** A line, without its newline. */
export interface TextLine {
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** Of its first byte in the file. */
  readonly offset: number;
}

/** Reads the whole lines of a file from a place on, a piece at a time. A last line without its newline is no line. */
export class LineReader {
  readonly #file: number;
  readonly #buffer = Buffer.allocUnsafe(CHUNK);
  #filePosition: number;
  /** What has been read and is no line yet. */
  #rest: Buffer = Buffer.alloc(0);
  #restAt = 0;
  #offset: number;
  #number: number;

  /** @param file descriptor of an open file @param number of the line that begins at `offset` */
  constructor(file: number, offset = 0, number = 1) {
    this.#file = file;
    this.#filePosition = offset;
    this.#offset = offset;
    this.#number = number;
  }

  /** Where the next line begins. */
  get offset(): number {
    return this.#offset;
  }

  /** Number of the next line. */
  get number(): number {
    return this.#number;
  }

  /** Undefined at the end of the file. */
  next(): TextLine | undefined {
    for (;;) {
      const end = this.#rest.indexOf(NEWLINE, this.#restAt);
      if (end >= 0) return this.#take(end);
      if (!this.#readMore()) return undefined;
    }
  }

  #take(end: number): TextLine {
    const line = {
      text: this.#rest.toString("utf8", this.#restAt, end),
      number: this.#number++,
      offset: this.#offset,
    };
    this.#offset += end + 1 - this.#restAt;
    this.#restAt = end + 1;
    return line;
  }

  #readMore(): boolean {
    const count = readSync(this.#file, this.#buffer, 0, CHUNK, this.#filePosition);
    if (count === 0) return false;
    this.#filePosition += count;
    this.#rest = Buffer.concat([this.#rest.subarray(this.#restAt), this.#buffer.subarray(0, count)]);
    this.#restAt = 0;
    return true;
  }
}
