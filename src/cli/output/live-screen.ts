import type { Io } from "../io.ts";

/** Repaints a few lines in place on a terminal; the cursor comes back at the end, whatever happens. */
export class LiveScreen {
  readonly #io: Io;
  readonly #stream: "stdout" | "stderr";
  #drawn = 0;
  #hidden = false;

  constructor(io: Io, stream: "stdout" | "stderr") {
    this.#io = io;
    this.#stream = stream;
  }

  /** Draws the lines over those of the last time; what does not fit the window is left out. */
  draw(lines: readonly string[]): void {
    const stream = this.#io[this.#stream];
    const rows = (stream.rows ?? 24) - 1;
    const shown = lines.slice(0, rows).map((line) => cut(line, this.#io.width(this.#stream)));
    const up = this.#drawn > 0 ? `\u001b[${this.#drawn}A` : "";
    const hide = this.#hidden ? "" : "\u001b[?25l";
    this.#hidden = true;
    stream.write(`${hide}${up}\r${shown.map((line) => `${line}\u001b[K\n`).join("")}\u001b[J`);
    this.#drawn = shown.length;
  }

  /** Takes the drawing away, for text that is to stay above it. */
  clear(): void {
    if (this.#drawn > 0) this.#io[this.#stream].write(`\u001b[${this.#drawn}A\r\u001b[J`);
    this.#drawn = 0;
  }

  /** Leaves the last drawing and gives the cursor back. */
  end(): void {
    if (this.#hidden) this.#io[this.#stream].write("\u001b[?25h");
    this.#hidden = false;
    this.#drawn = 0;
  }
}

/** Cuts a line at a width, counting no colours. */
export function cut(line: string, width: number): string {
  let visible = 0;
  for (let at = 0; at < line.length; at++) {
    if (line[at] === "\u001b") {
      const end = line.indexOf("m", at);
      if (end < 0) return line.slice(0, at);
      at = end;
      continue;
    }
    visible++;
    if (visible > width - 1 && at < line.length - 1) return `${line.slice(0, at)}\u001b[0m`;
  }
  return line;
}
