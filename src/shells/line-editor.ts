import { StringDecoder } from "node:string_decoder";

type Line = { readonly text: string } | "interrupted" | undefined;

const HISTORY_MAX = 200;
const PENDING_MAX = 64 * 1024;
const ESCAPE = "\x1b";
/** One key: an escape sequence or a character. */
const KEY = new RegExp(`^(?:${ESCAPE}(?:\\[[0-9;]*[A-Za-z~]|O[A-Za-z]|.)|[\\s\\S])`, "u");

/** The terminal's side of a shell: echo, editing of one line, history. The bytes are those that a terminal sends. */
export class LineEditor {
  readonly #write: (text: string) => void;
  readonly #decoder = new StringDecoder("utf8");
  readonly #history: string[] = [];
  #pending = "";
  #isEnded = false;
  #prompt = "";
  #line: string[] = [];
  #cursor = 0;
  #past = 0;
  #resolve: ((line: Line) => void) | undefined;
  /** Ctrl-C while no line is being read. */
  onInterrupt: () => void = () => {};

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  push(bytes: Buffer): void {
    const text = this.#decoder.write(bytes);
    if (this.#resolve === undefined && text.includes("\x03")) {
      this.#pending = "";
      this.#write("^C\n");
      this.onInterrupt();
      return;
    }
    this.#pending = (this.#pending + text).slice(0, PENDING_MAX);
    this.#work();
  }

  end(): void {
    this.#isEnded = true;
    this.#work();
  }

  /** The next line; "interrupted" after Ctrl-C, undefined at Ctrl-D or when the terminal has gone. */
  read(prompt: string): Promise<Line> {
    this.#prompt = prompt;
    this.#line = [];
    this.#cursor = 0;
    this.#past = this.#history.length;
    this.#write(prompt);
    return new Promise((resolve) => {
      this.#resolve = resolve;
      this.#work();
    });
  }

  #work(): void {
    while (this.#resolve !== undefined && this.#pending !== "") {
      const key = KEY.exec(this.#pending)?.[0] ?? this.#pending;
      this.#pending = this.#pending.slice(key.length);
      this.#onKey(key);
    }
    if (this.#isEnded && this.#pending === "") this.#finish(undefined);
  }

  #onKey(key: string): void {
    const action = ACTIONS[key];
    if (key === "\r" || key === "\n") this.#submit();
    else if (key === "\x03") this.#abandon();
    else if (key === "\x04") this.#endOfFile();
    else if (key === "\x1b[A" || key === "\x10") this.#recall(-1);
    else if (key === "\x1b[B" || key === "\x0e") this.#recall(1);
    else if (key === "\x0c") this.#write(`\x1b[H\x1b[2J${this.#prompt}`);
    else if (action !== undefined) [this.#line, this.#cursor] = action(this.#line, this.#cursor);
    else if (key >= " " && key !== "\x7f") this.#insert(key);
    if (this.#resolve !== undefined && (action !== undefined || key === "\x0c")) this.#redraw();
  }

  #insert(key: string): void {
    this.#line.splice(this.#cursor++, 0, key);
    if (this.#cursor === this.#line.length) this.#write(key);
    else this.#redraw();
  }

  #submit(): void {
    const text = this.#line.join("");
    this.#write("\n");
    if (text.trim() !== "" && text !== this.#history.at(-1)) this.#history.push(text);
    if (this.#history.length > HISTORY_MAX) this.#history.shift();
    this.#finish({ text });
  }

  #abandon(): void {
    this.#write("^C\n");
    this.#finish("interrupted");
  }

  #endOfFile(): void {
    if (this.#line.length > 0) return;
    this.#write("exit\n");
    this.#finish(undefined);
  }

  #recall(step: number): void {
    const past = Math.min(Math.max(0, this.#past + step), this.#history.length);
    if (past === this.#past) return;
    this.#past = past;
    this.#line = [...(this.#history[past] ?? "")];
    this.#cursor = this.#line.length;
    this.#redraw();
  }

  #redraw(): void {
    const behind = this.#line.length - this.#cursor;
    const back = behind > 0 ? `\x1b[${behind}D` : "";
    this.#write(`\r\x1b[K${this.#prompt}${this.#line.join("")}${back}`);
  }

  #finish(line: Line): void {
    const resolve = this.#resolve;
    this.#resolve = undefined;
    resolve?.(line);
  }
}

type Edit = (line: string[], cursor: number) => [string[], number];

const eraseBefore: Edit = (line, cursor) =>
  cursor === 0 ? [line, 0] : [line.toSpliced(cursor - 1, 1), cursor - 1];
const toStart: Edit = (line) => [line, 0];
const toEnd: Edit = (line) => [line, line.length];
const left: Edit = (line, cursor) => [line, Math.max(0, cursor - 1)];
const right: Edit = (line, cursor) => [line, Math.min(line.length, cursor + 1)];

/** What keys do to a line, as readline does. */
const ACTIONS: Readonly<Record<string, Edit>> = {
  "\x7f": eraseBefore,
  "\b": eraseBefore,
  "\x01": toStart,
  "\x1b[H": toStart,
  "\x05": toEnd,
  "\x1b[F": toEnd,
  "\x02": left,
  "\x1b[D": left,
  "\x06": right,
  "\x1b[C": right,
  "\x15": (line, cursor) => [line.slice(cursor), 0],
  "\x0b": (line, cursor) => [line.slice(0, cursor), cursor],
  "\x17": (line, cursor) => {
    const kept = line
      .slice(0, cursor)
      .join("")
      .replace(/\S*\s*$/, "");
    return [[...kept, ...line.slice(cursor)], [...kept].length];
  },
  "\x1b[3~": (line, cursor) => [line.toSpliced(cursor, 1), cursor],
};
