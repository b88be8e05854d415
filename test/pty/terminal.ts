import { stripVTControlCharacters } from "node:util";
import { type IPty, spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";
import { RealClock } from "../../src/clock/real.ts";
import { PROGRAM } from "../cli/program.ts";

const clock = new RealClock();
const PATIENCE_MS = 120_000;
const LOOK_MS = 25;

/** Keys as a terminal sends them. */
export const Key = {
  enter: "\r",
  escape: "\u001b",
  down: "\u001b[B",
  up: "\u001b[A",
  ctrlC: "\u0003",
  ctrlD: "\u0004",
  ctrlU: "\u0015",
} as const;

/** kubesim in a real pseudo-terminal, with a screen that can be read. */
export class TerminalProgram {
  readonly #pty: IPty;
  readonly #screen: xterm.Terminal;
  /** Resolves with the exit code when the program ends. */
  readonly ended: Promise<number>;
  raw = "";

  constructor(argv: readonly string[], env: Readonly<Record<string, string>>, columns = 100, rows = 40) {
    this.#screen = new xterm.Terminal({ cols: columns, rows, scrollback: 5_000, allowProposedApi: true });
    this.#pty = spawn(process.execPath, [PROGRAM, ...argv], {
      name: "xterm-256color",
      cols: columns,
      rows,
      env: { ...env, TERM: "xterm-256color" },
    });
    this.#pty.onData((data) => {
      this.raw += data;
      this.#screen.write(data);
    });
    this.ended = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode }) => resolve(exitCode));
    });
  }

  /** Sends keys or text. */
  type(text: string): void {
    this.#pty.write(text);
  }

  /** All lines, those that have scrolled away included. */
  text(): string {
    const buffer = this.#screen.buffer.active;
    const lines: string[] = [];
    for (let row = 0; row < buffer.length; row++) {
      const line = buffer.getLine(row);
      const text = line?.translateToString(true) ?? "";
      // A line that the terminal broke is one line to its reader.
      if (line?.isWrapped && lines.length > 0) lines[lines.length - 1] += text;
      else lines.push(text);
    }
    return lines.join("\n").trimEnd();
  }

  /** True while the cursor can be seen. */
  get cursorShown(): boolean {
    return this.raw.lastIndexOf("\u001b[?25l") <= this.raw.lastIndexOf("\u001b[?25h");
  }

  /** Where the output stands now: for waiting on what comes after. */
  get mark(): number {
    return this.raw.length;
  }

  /** Waits until the program has written it since the mark; fails with the screen. */
  async waitFor(wanted: string | RegExp, mark = 0): Promise<void> {
    const dueMs = clock.monotonicMs() + PATIENCE_MS;
    for (;;) {
      const text = stripVTControlCharacters(this.raw.slice(mark)).replaceAll("\r", "");
      if (typeof wanted === "string" ? text.includes(wanted) : wanted.test(text)) return;
      if (clock.monotonicMs() > dueMs)
        throw new Error(`waited for ${wanted}; the screen is:\n${this.text()}`);
      await clock.sleep(LOOK_MS);
    }
  }

  /** Waits until the screen shows it; fails with the screen. */
  async see(wanted: string | RegExp): Promise<void> {
    const dueMs = clock.monotonicMs() + PATIENCE_MS;
    for (;;) {
      const text = this.text();
      if (typeof wanted === "string" ? text.includes(wanted) : wanted.test(text)) return;
      if (clock.monotonicMs() > dueMs) throw new Error(`waited to see ${wanted}; the screen is:\n${text}`);
      await clock.sleep(LOOK_MS);
    }
  }

  /** Types a line again and again until the program answers as wanted: when it has learnt of something, say. */
  async ask(line: string, wanted: string): Promise<void> {
    const mark = this.mark;
    const hasAnswered = () => stripVTControlCharacters(this.raw.slice(mark)).includes(wanted);
    for (const dueMs = clock.monotonicMs() + PATIENCE_MS; !hasAnswered() && clock.monotonicMs() < dueMs; ) {
      this.type(`${line}\r`);
      for (let look = 0; look < 40 && !hasAnswered(); look++) await clock.sleep(LOOK_MS);
    }
    await this.waitFor(wanted, mark);
  }

  /** The window has another size now. */
  resize(columns: number, rows: number): void {
    this.#screen.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  /** Lets a moment pass, for what must not happen. */
  pause(durationMs: number): Promise<void> {
    return clock.sleep(durationMs);
  }

  /** The terminal goes away, as when its window is closed. */
  hangUp(): void {
    this.#pty.kill("SIGHUP");
  }

  close(): void {
    this.#pty.kill("SIGKILL");
    this.#screen.dispose();
  }
}
