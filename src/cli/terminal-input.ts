import type { ProcessInput } from "../client/remote-process.ts";
import type { Io } from "./io.ts";

/** A terminal's stdin as far as keys can be passed on from it one by one. */
type RawInput = NodeJS.ReadableStream & { setRawMode?(isRaw: boolean): unknown; unref?(): void };

/** What a person types, or a pipe brings, for a command elsewhere. At a terminal every key goes there, Ctrl-C too. */
export class TerminalInput implements ProcessInput {
  readonly #io: Io;
  readonly #isTerminal: boolean;
  readonly #undo: (() => void)[] = [];

  constructor(io: Io, isTerminal: boolean) {
    this.#io = io;
    this.#isTerminal = isTerminal;
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    const stdin = this.#io.stdin as RawInput;
    if (this.#isTerminal) {
      stdin.setRawMode?.(true);
      this.#undo.push(() => void stdin.setRawMode?.(false));
    }
    const take = (chunk: string | Buffer) => listener(Buffer.from(chunk as Buffer));
    stdin.on("data", take);
    stdin.resume();
    this.#undo.push(() => {
      stdin.removeListener("data", take);
      stdin.pause();
    });
  }

  onEnd(listener: () => void): void {
    const { stdin } = this.#io;
    stdin.on("end", listener);
    this.#undo.push(() => stdin.removeListener("end", listener));
  }

  onSize(listener: (columns: number, rows: number) => void): void {
    if (!this.#isTerminal) return;
    const { stdout } = this.#io;
    const tell = () => {
      if (stdout.columns && stdout.rows) listener(stdout.columns, stdout.rows);
    };
    stdout.on("resize", tell);
    this.#undo.push(() => stdout.removeListener("resize", tell));
    tell();
  }

  /** Gives the terminal back. */
  close(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }
}
