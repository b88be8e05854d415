import type { Io } from "../io.ts";
import { cut } from "./live-screen.ts";

const ESCAPE = "\u001b";
const ENTER = "\u001b[?1049h\u001b[?25l";
const LEAVE = "\u001b[?25h\u001b[?1049l";
/** Terminals that know it show the frame at once; others ignore it. */
const FRAME_BEGINS = "\u001b[?2026h";
const FRAME_ENDS = "\u001b[?2026l";

/** What keys are called that are no character of their own. */
const NAMED_KEYS: Readonly<Record<string, string>> = {
  "\u001b[A": "up",
  "\u001b[B": "down",
  "\u001b[C": "right",
  "\u001b[D": "left",
  "\u001b[H": "home",
  "\u001b[1~": "home",
  "\u001b[F": "end",
  "\u001b[4~": "end",
  "\u001b[5~": "page-up",
  "\u001b[6~": "page-down",
  "\u001b": "escape",
  "\u0003": "ctrl-c",
  "\u0004": "ctrl-d",
  "\r": "enter",
  "\n": "enter",
  "\u007f": "backspace",
  "\b": "backspace",
};

type RawInput = Io["stdin"] & { setRawMode?(isRaw: boolean): void };

/** The whole terminal for a while: keys one by one, a picture in place of the text, which is back afterwards. */
export class FullScreen {
  readonly #io: Io;
  readonly #onKey: (key: string) => void;
  readonly #onResize: () => void;
  readonly #data = (bytes: Buffer) => {
    for (const key of keysOf(bytes.toString("utf8"))) this.#onKey(key);
  };

  constructor(io: Io, onKey: (key: string) => void, onResize: () => void) {
    this.#io = io;
    this.#onKey = onKey;
    this.#onResize = onResize;
  }

  get columns(): number {
    return this.#io.width();
  }

  get rows(): number {
    return this.#io.stdout.rows ?? 24;
  }

  enter(): void {
    const { stdout } = this.#io;
    const stdin = this.#io.stdin as RawInput;
    stdin.setRawMode?.(true);
    stdin.on("data", this.#data);
    stdin.resume();
    stdout.on("resize", this.#onResize);
    stdout.write(ENTER);
  }

  /** Gives the terminal back as it was. */
  leave(): void {
    const { stdout } = this.#io;
    const stdin = this.#io.stdin as RawInput;
    stdout.off("resize", this.#onResize);
    stdin.off("data", this.#data);
    stdin.setRawMode?.(false);
    stdin.pause();
    stdout.write(LEAVE);
  }

  /** Shows these lines; what does not fit is left out. */
  draw(lines: readonly string[]): void {
    const shown = lines.slice(0, this.rows).map((line) => `${cut(line, this.columns)}\u001b[0m\u001b[K`);
    this.#io.stdout.write(`${FRAME_BEGINS}\u001b[H${shown.join("\r\n")}\u001b[J${FRAME_ENDS}`);
  }
}

/** The keys in what a terminal sent at once: a pasted text, or keys that were held. */
export function keysOf(text: string): readonly string[] {
  const keys: string[] = [];
  for (let at = 0; at < text.length; ) {
    const length = text[at] === ESCAPE ? sequenceLength(text, at) : 1;
    const key = text.slice(at, at + length).replace(`${ESCAPE}O`, `${ESCAPE}[`);
    keys.push(NAMED_KEYS[key] ?? key);
    at += length;
  }
  return keys;
}

/** Of what begins with Escape: `ESC [ 5 ~`, `ESC O A`, or Escape alone. */
function sequenceLength(text: string, at: number): number {
  if (text[at + 1] !== "[" && text[at + 1] !== "O") return 1;
  let end = at + 2;
  while (end < text.length - 1 && !/[A-Za-z~]/.test(text[end] as string)) end++;
  return end + 1 - at;
}
