import { whyUnwritable } from "../lib/file-problem.ts";
import { CommandError } from "./errors.ts";

/** The error for a file or folder that the user named, and that could not be written. */
export function cannotWrite(what: string, error: unknown, hint: string): CommandError {
  return new CommandError(`Couldn't write ${what}: ${whyUnwritable(error)}`, { hint, reason: "CannotWrite" });
}
