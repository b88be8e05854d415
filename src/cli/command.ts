import type { Io } from "./io.ts";

/**
 * A command as data. One file in commands/, one line in registry.ts; the parser, help, completion, the menu and
 * docs/cli.md are all made from it.
 */
export interface Command {
  /** `["nodes", "add"]`. */
  readonly path: readonly string[];
  /** One line in the imperative, no full stop. */
  readonly summary: string;
  readonly description?: string;
  readonly group: "Basic" | "Cluster" | "Workloads" | "Chaos" | "Settings";
  /** At least one; each is run by a test. */
  readonly examples: readonly { readonly note: string; readonly line: string }[];
  readonly arguments?: readonly CommandArgument[];
  readonly options?: readonly CommandOption[];
  /** How it appears in the menu; absent: not there. */
  readonly menu?: MenuEntry;
  /** Loaded only when the command runs. */
  readonly load: () => Promise<{ readonly run: CommandRun }>;
}

export interface CommandArgument {
  readonly name: string;
  readonly summary: string;
  readonly required: boolean;
  readonly variadic?: boolean;
  /** Names a source of completions: `nodes`, `pods`, `strategies`, `files`. */
  readonly complete?: string;
}

export interface CommandOption {
  /** commander's form: `-c, --cpu <quantity>` or `--gpu <count>` or `--wait`. */
  readonly flags: string;
  readonly summary: string;
  readonly default?: string;
  readonly choices?: readonly string[];
  readonly env?: string;
  /** May be given several times; the value is then an array. */
  readonly repeatable?: boolean;
  readonly complete?: string;
  /** Turns the text into the value, or throws a UsageError that says what is wrong. */
  readonly parse?: (text: string) => unknown;
}

export interface MenuEntry {
  readonly label: string;
  /** Place in the menu. */
  readonly order: number;
}

/** Values by camel-cased option name, and by argument name. */
export type CommandInput = Readonly<Record<string, unknown>>;

export type CommandRun = (context: CommandContext, input: CommandInput) => Promise<void>;

export interface CommandContext {
  readonly io: Io;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}
