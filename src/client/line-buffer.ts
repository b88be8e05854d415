const NEWLINE = 0x0a;

/** Cuts a stream of bytes into lines; a line may come in many pieces and is put together once. */
export class LineBuffer {
  #pieces: Buffer[] = [];

  /** @returns the lines that are whole by now */
  push(bytes: Buffer): string[] {
    const last = bytes.lastIndexOf(NEWLINE);
    if (last < 0) {
      this.#pieces.push(bytes);
      return [];
    }
    const whole = bytes.subarray(0, last);
    const text =
      this.#pieces.length === 0 ? whole.toString() : Buffer.concat([...this.#pieces, whole]).toString();
    this.#pieces = last + 1 < bytes.length ? [bytes.subarray(last + 1)] : [];
    return text.split("\n");
  }

  /** Keeps bytes of an answer that is not cut into lines. */
  keep(bytes: Buffer): void {
    this.#pieces.push(bytes);
  }

  /** What has come since the last whole line. */
  rest(): string {
    return Buffer.concat(this.#pieces).toString();
  }
}
