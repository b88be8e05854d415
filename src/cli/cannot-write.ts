import { accessSync, constants, statSync } from "node:fs";
import { dirname } from "node:path";
import { whyUnwritable } from "../lib/file-problem.ts";
import { CommandError } from "./errors.ts";

/** The error for a file or folder that the user named, and that could not be written. */
export function cannotWrite(what: string, error: unknown, hint: string): CommandError {
  return new CommandError(`Couldn't write ${what}: ${whyUnwritable(error)}`, { hint, reason: "CannotWrite" });
}

/**
 * Fails as `cannotWrite` when it is plain already that a file cannot be written, so that nobody learns of it only when
 * the work is done. Writes nothing.
 */
export function requireWritable(file: string, hint: string): void {
  try {
    const there = statSync(file, { throwIfNoEntry: false });
    if (there?.isDirectory()) throw Object.assign(new Error("is a directory"), { code: "EISDIR" });
    accessSync(there === undefined ? dirname(file) : file, constants.W_OK);
  } catch (error) {
    throw cannotWrite(file, error, hint);
  }
}
