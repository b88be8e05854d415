import type { Clock } from "../clock/clock.ts";
import type { ClusterTime } from "./cluster-time.ts";
import type { ConnectedCluster } from "./connection.ts";
import type { GlobalOptions } from "./globals.ts";
import type { Io } from "./io.ts";

/**
 * A command as data. One file in commands/, one line in registry.ts; the parser, help, completion, the menu and
 * docs/cli.md are all made from it. What it does lives in actions/ and is loaded when it runs.
 */
export interface Command {
  /** `["nodes", "add"]`. */
  readonly path: readonly string[];
  /** One line in the imperative, no full stop. */
  readonly summary: string;
  readonly description?: string;
  readonly group: CommandGroup;
  /** At least one; each is run by a test. */
  readonly examples: readonly CommandExample[];
  readonly arguments?: readonly CommandArgument[];
  readonly options?: readonly CommandOption[];
  /** Which of the global options matter to it, beside those that find the server: shown in its help. */
  readonly globals?: readonly ("output" | "namespace" | "headers" | "yes")[];
  /** How it appears in the menu; absent: not there. */
  readonly menu?: MenuEntry;
  /** All words behind its name are its own, flags too: none is read as an option of kubesim. */
  readonly passThrough?: boolean;
  /** Not listed in help, menu and documents. */
  readonly hidden?: boolean;
  /** Loaded only when the command runs. */
  readonly load: () => Promise<{ readonly run: CommandRun }>;
}

/** Sections of the help and of docs/cli.md, in the order of `COMMAND_GROUPS`. */
export type CommandGroup = "Basic" | "Cluster" | "Workloads" | "Chaos" | "Simulate" | "Settings";

/** Order of the sections. */
export const COMMAND_GROUPS: readonly CommandGroup[] = [
  "Basic",
  "Cluster",
  "Workloads",
  "Chaos",
  "Simulate",
  "Settings",
];

/** A line that works, and what it does. */
export interface CommandExample {
  readonly note: string;
  readonly line: string;
  /** Why the test that runs all examples can only parse this one (it never ends, or it needs a shell). */
  readonly parseOnly?: string;
}

/** A word behind the command's name. */
export interface CommandArgument {
  readonly name: string;
  readonly summary: string;
  readonly required: boolean;
  readonly variadic?: boolean;
  readonly choices?: readonly string[];
  /** Where completions and the menu's choices come from. */
  readonly complete?: CompletionSource;
  /** Turns the text into the value, or throws a UsageError that says what is wrong. */
  readonly parse?: (text: string) => unknown;
  /** Asked in the menu although it may be left out; a required one is always asked. */
  readonly ask?: boolean;
}

/** A flag. */
export interface CommandOption {
  /** commander's form: `-c, --cpu <quantity>` or `--gpu <count>` or `--wait`. */
  readonly flags: string;
  readonly summary: string;
  /** Text of the default, read by `parse` as if it had been given. */
  readonly default?: string;
  readonly choices?: readonly string[];
  /** Environment variable that stands in when the flag is absent. */
  readonly env?: string;
  /** May be given several times; the value is then an array. */
  readonly repeatable?: boolean;
  readonly complete?: CompletionSource;
  /** Turns the text into the value, or throws a UsageError that says what is wrong. */
  readonly parse?: (text: string) => unknown;
  /** Asked in the menu; with a text, the answer that Enter gives there when the option has no default. */
  readonly ask?: boolean | string;
}

/** Names a source of values that the server or the machine knows. */
export type CompletionSource =
  | "nodes"
  | "faulted-nodes"
  | "pods"
  | "strategies"
  | "namespaces"
  | "timing-profiles"
  | "chaos-runs"
  | "topics"
  | "files";

/** How a command appears in the menu. */
export interface MenuEntry {
  readonly label: string;
  /** Place in the menu. */
  readonly order: number;
  /** Entries with the same submenu stand behind one entry of that name. */
  readonly submenu?: string;
}

/** Values by camel-cased option name, and by argument name. */
export type CommandInput = Readonly<Record<string, unknown>>;

/** Does the work. Throws CommandError, UsageError or ApiError when it fails, Exit to end with a code and no message. */
export type CommandRun = (context: CommandContext, input: CommandInput) => Promise<void>;

/** What a running command is given. */
export interface CommandContext {
  readonly io: Io;
  readonly clock: Clock;
  /** The time by which ages are counted. */
  readonly time: ClusterTime;
  readonly globals: GlobalOptions;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  /** A cluster that is to be used as it is, in place of the one that the global options mean (the demo's own). */
  readonly cluster?: ConnectedCluster;
}
