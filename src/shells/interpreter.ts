import { Bash, type BashExecResult, type IFileSystem } from "just-bash/browser";
import { DISK_FULL } from "./bounded-files.ts";
import { breatheCommand, breathing, ROUNDS_VARIABLE } from "./breathing.ts";
import { shellCommands, type TerminalSize } from "./commands.ts";
import { liveOutput, withOutput } from "./live-output.ts";
import type { ShellCall, StartSession } from "./messages.ts";

/** How a session reaches the outside. */
export interface SessionPort {
  output(fd: 1 | 2, bytes: Uint8Array): void;
  ask(what: ShellCall, value: number): Promise<number>;
}

/** Beside the limits of just-bash, which end loops and recursion. */
const LIMITS = {
  // A breath in every round of a loop counts, too.
  maxCommandCount: 150_000,
  maxOutputSize: 128 * 1024 * 1024,
  maxInputBytes: 256 * 1024 * 1024,
  maxFileSystemBytes: 64 * 1024 * 1024,
  maxStringLength: 256 * 1024 * 1024,
  maxLiveBytes: 512 * 1024 * 1024,
  maxExecutionTimeMs: 24 * 3_600_000,
} as const;

/** What one session may print in all. */
const OUTPUT_BYTES_MAX = 256 * 1024 * 1024;

export interface Outcome {
  readonly code: number;
  /** The script has ended the shell, by `exit` or the like. */
  readonly isExit: boolean;
  /** The text stops in the middle of something: more lines are needed. */
  readonly isIncomplete: boolean;
}

/** One shell: runs scripts one after the other and keeps variables, functions and the directory between them. */
export class Interpreter {
  readonly #bash: Bash;
  readonly #port: SessionPort;
  #env: Record<string, string>;
  #directory: string;
  readonly #size: TerminalSize = { columns: 80, rows: 24 };
  #abort = new AbortController();
  #isAlive = false;
  /** The script ends within a here-document. */
  #isUnfinished = false;
  #printed = 0;
  readonly #functions = new Map<string, Statement>();

  constructor(start: StartSession, files: IFileSystem, port: SessionPort) {
    this.#port = port;
    this.#env = { ...start.env };
    this.#directory = start.workingDirectory;
    const print = (fd: 1 | 2, bytes: Uint8Array) => this.#print(fd, bytes);
    this.#bash = new Bash({
      fs: withOutput(files, print),
      cwd: start.workingDirectory,
      env: this.#env,
      executionLimits: LIMITS,
      sleep: async (durationMs) => {
        await Promise.race([port.ask("sleep", durationMs), this.#aborted()]);
      },
      customCommands: [
        ...shellCommands(start, files, port, this.#size),
        breatheCommand(),
        {
          name: ALIVE,
          execute: async ([status = "0"]) => {
            this.#isAlive = true;
            return { stdout: "", stderr: "", exitCode: Number(status) };
          },
        },
      ],
      processInfo: { pid: 7, ppid: 0, uid: 0, gid: 0 },
    });
    this.#bash.registerTransformPlugin(liveOutput);
    this.#bash.registerTransformPlugin(breathing);
    this.#bash.registerTransformPlugin(this.#functionKeeper());
  }

  get directory(): string {
    return this.#directory;
  }

  /** Runs a script; `stdin` is all that its commands can read. */
  async run(script: string, stdin?: Uint8Array): Promise<Outcome> {
    this.#abort = new AbortController();
    this.#isAlive = false;
    this.#isUnfinished = false;
    const result = await this.#execute(script, stdin);
    if (result === undefined) return { code: 1, isExit: false, isIncomplete: false };
    if (this.#isUnfinished || isIncomplete(script, result))
      return { code: 2, isExit: false, isIncomplete: true };
    this.#print(1, Buffer.from(result.stdout, result.stdoutKind === "bytes" ? "latin1" : "utf8"));
    if (!this.#abort.signal.aborted) this.#print(2, Buffer.from(result.stderr));
    const isExit = !this.#isAlive && !isFault(result) && !this.#abort.signal.aborted;
    if (this.#isAlive) this.#keep(result.env);
    return { code: this.#abort.signal.aborted ? 130 : result.exitCode, isExit, isIncomplete: false };
  }

  /** Undefined: the script was ended because the disk is full, and has been told so. */
  async #execute(script: string, stdin: Uint8Array | undefined): Promise<BashExecResult | undefined> {
    try {
      return await this.#bash.exec(`${script}\n${ALIVE} $?`, {
        env: this.#env,
        replaceEnv: true,
        cwd: this.#directory,
        rawScript: true,
        signal: this.#abort.signal,
        ...(stdin && { stdin: Buffer.from(stdin).toString("latin1"), stdinKind: "bytes" }),
      });
    } catch (error) {
      if (!String(error).includes(DISK_FULL)) throw error;
      this.#print(2, Buffer.from(`sh: write error: ${DISK_FULL}\n`));
      return undefined;
    }
  }

  /** The terminal has this size: known to the next script as COLUMNS and LINES. */
  resize(columns: number, rows: number): void {
    this.#size.columns = columns;
    this.#size.rows = rows;
    this.#env = { ...this.#env, COLUMNS: String(columns), LINES: String(rows) };
  }

  /** Ends what runs, as Ctrl-C does. */
  interrupt(): void {
    this.#abort.abort();
  }

  #keep(env: Readonly<Record<string, string>>): void {
    const { "?": _, [ROUNDS_VARIABLE]: __, ...kept } = env;
    // The size may have changed while the script ran.
    const { COLUMNS, LINES } = this.#env;
    this.#env = { ...kept, ...(COLUMNS && { COLUMNS }), ...(LINES && { LINES }) };
    this.#directory = env.PWD ?? this.#directory;
  }

  #aborted(): Promise<void> {
    const { signal } = this.#abort;
    return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  }

  #print(fd: 1 | 2, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#printed += bytes.length;
    if (this.#printed <= OUTPUT_BYTES_MAX) this.#port.output(fd, bytes);
    else this.#abort.abort();
  }

  /** Functions of one script are there in the next; one that stops within a here-document is not run at all. */
  #functionKeeper() {
    return {
      name: "function-keeper",
      transform: <T>({ ast }: { readonly ast: T }): { readonly ast: T } => {
        const script = ast as unknown as Script;
        this.#isUnfinished = JSON.stringify(script).includes('"terminated":false');
        const before = [...this.#functions.values()];
        if (this.#isUnfinished) script.statements = [];
        for (const statement of script.statements) {
          const [definition] = statement.pipelines[0]?.commands ?? [];
          if (definition?.type === "FunctionDef") this.#functions.set(definition.name, statement);
        }
        script.statements = [...before, ...script.statements];
        return { ast };
      },
    };
  }
}

interface Statement {
  readonly pipelines: readonly {
    readonly commands: readonly { readonly type: string; readonly name: string }[];
  }[];
}

interface Script {
  statements: readonly Statement[];
}

/** Runs last in every script, unless the script ends the shell before. */
const ALIVE = "__alive";

const SYNTAX = /syntax error: Parse error at (\d+):(\d+)/;

function isFault({ stderr, exitCode }: BashExecResult): boolean {
  return SYNTAX.test(stderr) || stderr.includes("executionLimits") || exitCode === 126;
}

/** True when the parser came to the end of the text and wanted more; it was shown one more line than the script has. */
function isIncomplete(script: string, { stderr }: BashExecResult): boolean {
  const match = SYNTAX.exec(stderr);
  if (match === null) return /unterminated|unexpected end of|unexpected EOF|here-document/i.test(stderr);
  return Number(match[1]) > script.split("\n").length;
}
