import { ApiError, type Reason } from "../api/errors.ts";

/** Exit codes of the whole program; `kubesim help exit-codes` and the tests read this table. */
export const ExitCode = {
  success: 0,
  failed: 1,
  usage: 2,
  unreachable: 3,
  invariant: 4,
  aborted: 5,
  timeout: 124,
  interrupted: 130,
  terminated: 143,
} as const;

/** What a CommandError is made of beside its message. */
export interface ErrorParts {
  /** What to do about it, one line. */
  readonly hint?: string;
  readonly exitCode?: number;
  /** Machine-readable cause, CamelCase; shown with `-o json`. */
  readonly reason?: string;
  /** Command lines that may help next. */
  readonly next?: readonly string[];
}

/** A failure in the user's words: what failed, why, what to do. */
export class CommandError extends Error {
  readonly hint: string | undefined;
  readonly exitCode: number;
  readonly reason: string;
  readonly next: readonly string[];

  constructor(message: string, parts: ErrorParts = {}) {
    super(message);
    this.name = "CommandError";
    this.hint = parts.hint;
    this.exitCode = parts.exitCode ?? ExitCode.failed;
    this.reason = parts.reason ?? "Failed";
    this.next = parts.next ?? [];
  }
}

/** The command line itself is wrong: unknown flag, bad value, something missing. Exit code 2. */
export class UsageError extends CommandError {
  constructor(message: string, hint?: string, next?: readonly string[]) {
    super(message, {
      ...(hint !== undefined && { hint }),
      ...(next !== undefined && { next }),
      exitCode: ExitCode.usage,
      reason: "Usage",
    });
    this.name = "UsageError";
  }
}

/** Ends the command with a code and without a message: everything has been said. */
export class Exit extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`exit ${exitCode}`);
    this.name = "Exit";
    this.exitCode = exitCode;
  }
}

/** Ends as a command in a container has ended. */
export class ProcessExit extends Exit {}

/** Any thrown thing, ready to be shown. */
export interface Failure {
  readonly reason: string;
  readonly message: string;
  readonly hint: string | undefined;
  readonly next: readonly string[];
  readonly exitCode: number;
  /** True for what nobody foresaw: a defect of kubesim. */
  readonly unexpected: boolean;
}

/** Turns any error into message, hint and exit code. */
export function failureOf(error: unknown): Failure {
  if (error instanceof CommandError) {
    const { reason, message, hint, next, exitCode } = error;
    return { reason, message, hint, next, exitCode, unexpected: false };
  }
  if (isExplained(error)) return ofExplained(error);
  if (error instanceof ApiError) return ofApiError(error);
  const message = error instanceof Error ? error.message : String(error);
  return {
    reason: "InternalError",
    message: `kubesim itself failed: ${message}`,
    hint: "This is a defect of kubesim. Run again with --verbose and report what it prints",
    next: [],
    exitCode: ExitCode.failed,
    unexpected: true,
  };
}

/** Errors of other rooms (client, chaos) that bring a hint, and perhaps an exit code, of their own. */
interface ExplainedError extends Error {
  readonly hint: string;
  readonly exitCode?: number;
}

function isExplained(error: unknown): error is ExplainedError {
  return error instanceof Error && typeof (error as Partial<ExplainedError>).hint === "string";
}

function ofExplained(error: ExplainedError): Failure {
  const { name, message, hint, exitCode = ExitCode.failed } = error;
  return { reason: name, message, hint, next: [], exitCode, unexpected: false };
}

const API_HINTS: Readonly<Record<Reason, string>> = {
  BadRequest: "The server does not understand that. See the command's --help",
  Unauthorized: "The token does not belong to this server. Check --server, --context and your kubeconfig",
  Forbidden: "The server does not allow that",
  NotFound: "Check the name, the namespace (-n) and the cluster (--cluster)",
  MethodNotAllowed: "The server cannot do that; it may be older than this kubesim: kubesim server status",
  NotAcceptable: "The server may be older than this kubesim: kubesim server status",
  Conflict: "Somebody else changed it in between. Run the command again",
  AlreadyExists: "Choose another name",
  Gone: "The list grew too old while it was read. Run the command again",
  Expired: "The list grew too old while it was read. Run the command again",
  RequestEntityTooLarge: "An object can have 3 MiB at most",
  UnsupportedMediaType: "The server may be older than this kubesim: kubesim server status",
  Invalid: "Mend what it names and run the command again; nothing was changed",
  TooManyRequests: "The server is busy. Run the command again in a moment",
  InternalError: "That is a defect of the server. See: kubesim server logs",
  ServiceUnavailable: "The server is starting or stopping. See: kubesim server status",
  Timeout: "The server took too long. Run the command again in a moment",
  InsufficientStorage: "The disk of the state directory is full. Free some room and run the command again",
};

function ofApiError(error: ApiError): Failure {
  const { kind, name } = error.details ?? {};
  const noun = (kind ?? "objects").replace(/s$/, "");
  const base = { reason: error.reason, next: [], exitCode: ExitCode.failed, unexpected: false };
  if (error.reason === "NotFound" && name !== undefined) {
    const known =
      kind === "nodes" || kind === "pods" ? `List them with: kubesim ${kind} list` : API_HINTS.NotFound;
    const hint = kind === "namespaces" ? "Make it first: load a manifest of it, or use kubectl" : known;
    return { ...base, message: `Couldn't find ${noun} "${name}"`, hint };
  }
  if (error.reason === "AlreadyExists" && name !== undefined) {
    return {
      ...base,
      message: `There is already a ${noun} named "${name}"`,
      hint: "Choose another name, or leave the name out to get the next free one",
    };
  }
  return { ...base, message: error.message, hint: API_HINTS[error.reason] };
}
