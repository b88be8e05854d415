import { failureOf } from "./errors.ts";
import type { Io } from "./io.ts";

/** How failures are shown. */
export interface FailureStyle {
  /** JSON on stderr, for programs. */
  readonly json: boolean;
  readonly verbose: boolean;
}

/** Writes an error to stderr (message, hint, next commands) and returns its exit code. */
export function showFailure(io: Io, error: unknown, style: FailureStyle): number {
  const failure = failureOf(error);
  if (style.json) {
    const { reason, message, hint, next } = failure;
    io.note(JSON.stringify({ error: { reason, message, ...(hint !== undefined && { hint }), next } }));
  } else {
    io.note(`${io.paint("red", "error:", "stderr")} ${failure.message}`);
    if (failure.hint !== undefined) io.note(`  ${io.paint("cyan", "hint:", "stderr")} ${failure.hint}`);
    for (const line of failure.next) io.note(`  ${io.paint("cyan", "try:", "stderr")}  ${line}`);
  }
  if (style.verbose && error instanceof Error) io.note(error.stack ?? "");
  return failure.exitCode;
}
