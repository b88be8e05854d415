import type { IFileSystem } from "just-bash/browser";
import { Interpreter, type SessionPort } from "./interpreter.ts";
import { LineEditor } from "./line-editor.ts";
import type { StartSession } from "./messages.ts";

/** What a command may be sent before it runs. */
const INPUT_BYTES_MAX = 256 * 1024 * 1024;
const SHELLS = new Set(["sh", "bash", "ash", "dash", "zsh"]);

/** One exec: a command that runs to its end, or a shell that reads lines. */
export class Session {
  readonly #start: StartSession;
  readonly #shell: Interpreter;
  readonly #port: SessionPort;
  readonly #chunks: Buffer[] = [];
  #inputLength = 0;
  #isInputEnded: boolean;
  #isGone = false;
  #wake: (() => void) | undefined;
  #editor: LineEditor | undefined;

  constructor(start: StartSession, files: IFileSystem, port: SessionPort) {
    const crlf = (bytes: Uint8Array) =>
      Buffer.from(Buffer.from(bytes).toString("latin1").replaceAll("\n", "\r\n"), "latin1");
    this.#start = start;
    this.#isInputEnded = !start.stdin;
    this.#port = start.tty ? { ...port, output: (_, bytes) => port.output(1, crlf(bytes)) } : port;
    this.#shell = new Interpreter(start, files, this.#port);
  }

  /** Runs it; resolves with its exit code. */
  async run(): Promise<number> {
    const [program = "sh", ...args] = this.#start.command;
    const isShell = SHELLS.has(program.slice(program.lastIndexOf("/") + 1));
    const script = isShell ? scriptOf(args) : undefined;
    if (isShell && script === undefined && args.every((arg) => arg.startsWith("-"))) {
      return this.#start.tty && this.#start.stdin ? this.#interact() : this.#readLines();
    }
    const stdin = this.#start.stdin && !this.#start.tty ? await this.#allInput() : undefined;
    const { code } = await this.#shell.run(script ?? this.#start.command.map(quote).join(" "), stdin);
    return code;
  }

  input(bytes: Buffer): void {
    this.#inputLength += bytes.length;
    if (this.#editor !== undefined) {
      this.#editor.push(bytes);
    } else if (this.#inputLength > INPUT_BYTES_MAX) {
      this.hangUp();
    } else {
      // A terminal's Ctrl-C ends a command that reads no lines.
      if (this.#start.tty && bytes.includes(3)) this.#shell.interrupt();
      this.#chunks.push(bytes);
      this.#rouse();
    }
  }

  endInput(): void {
    this.#isInputEnded = true;
    this.#editor?.end();
    this.#rouse();
  }

  resize(columns: number, rows: number): void {
    if (this.#start.tty) this.#shell.resize(columns, rows);
  }

  hangUp(): void {
    this.#isGone = true;
    this.#shell.interrupt();
    this.endInput();
  }

  async #allInput(): Promise<Buffer> {
    while (!this.#isInputEnded) await this.#moreInput();
    return Buffer.concat(this.#chunks.splice(0));
  }

  #moreInput(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #rouse(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  /** A shell without a terminal: runs its input as lines come. */
  async #readLines(): Promise<number> {
    let text = "";
    let code = 0;
    for (;;) {
      text += Buffer.concat(this.#chunks.splice(0)).toString("utf8");
      const end = this.#isInputEnded ? text.length : text.lastIndexOf("\n") + 1;
      const script = text.slice(0, end);
      if (script.trim() !== "") {
        const outcome = await this.#shell.run(script);
        if (!outcome.isIncomplete || this.#isInputEnded) text = text.slice(end);
        if (!outcome.isIncomplete) code = outcome.code;
        else if (this.#isInputEnded) return this.#unfinished();
        if (outcome.isExit || this.#isGone) return code;
      }
      if (this.#isInputEnded) return code;
      if (this.#chunks.length === 0) await this.#moreInput();
    }
  }

  #unfinished(): number {
    this.#port.output(2, Buffer.from("sh: syntax error: unexpected end of file\n"));
    return 2;
  }

  /** A shell at a terminal: prompts, edits, remembers. */
  async #interact(): Promise<number> {
    const editor = new LineEditor((text) => this.#port.output(1, Buffer.from(text)));
    editor.onInterrupt = () => this.#shell.interrupt();
    this.#editor = editor;
    for (const chunk of this.#chunks.splice(0)) editor.push(chunk);
    let code = 0;
    let script = "";
    for (;;) {
      const line = await editor.read(script === "" ? `${this.#place()} # ` : "> ");
      if (line === undefined) return code;
      if (line === "interrupted") {
        script = "";
        code = 130;
        continue;
      }
      script += script === "" ? line.text : `\n${line.text}`;
      if (script.trim() === "") {
        script = "";
        continue;
      }
      const outcome = await this.#shell.run(script);
      if (outcome.isIncomplete) continue;
      script = "";
      code = outcome.code;
      if (outcome.isExit || this.#isGone) return code;
    }
  }

  #place(): string {
    const { HOME: home = "/root" } = this.#start.env;
    const { directory } = this.#shell;
    return directory === home ? "~" : directory;
  }
}

/** The script of `sh -c SCRIPT NAME ARGUMENTS`; undefined when there is no -c. */
function scriptOf(args: readonly string[]): string | undefined {
  const flag = args.findIndex((arg) => /^-[a-z]*c[a-z]*$/.test(arg));
  const isFirst = args.slice(0, Math.max(0, flag)).every((arg) => arg.startsWith("-"));
  const script = args[flag + 1];
  if (flag < 0 || !isFirst || script === undefined) return undefined;
  const options = /e/.test(args[flag] as string) ? "set -e\n" : "";
  const positional = args
    .slice(flag + 3)
    .map(quote)
    .join(" ");
  return `${options}${positional === "" ? "" : `set -- ${positional}\n`}${script}`;
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
