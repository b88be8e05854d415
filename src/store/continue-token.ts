import { ApiError } from "../api/errors.ts";

/** Where a paged list goes on. Opaque to clients. */
export interface ContinueToken {
  /** The version that all pages report. */
  readonly revision: number;
  /** Key of the last record that was handed out or passed over. */
  readonly after: string;
  /** How many records come after it at that version, whether they match a selector or not. */
  readonly remaining: number;
}

const TOO_OLD =
  "The provided continue parameter is too old to display a consistent list result. " +
  "You can start a new list without the continue parameter.";

/** The text that a client sends back to go on. */
export function encodeContinue({ revision, after, remaining }: ContinueToken): string {
  return Buffer.from(JSON.stringify([revision, after, remaining])).toString("base64url");
}

/**
 * Reads a token of a list under `prefix`.
 * @throws ApiError Expired when it is none of ours, belongs to another list, or its version is not kept any more
 */
export function decodeContinue(token: string, prefix: string, oldestRevision: number): ContinueToken {
  const [revision, after, remaining] = parseTuple(token);
  const isOurs =
    Number.isSafeInteger(revision) &&
    Number.isSafeInteger(remaining) &&
    typeof after === "string" &&
    after.startsWith(prefix);
  if (!isOurs || (revision as number) < oldestRevision) throw new ApiError("Expired", TOO_OLD);
  return { revision: revision as number, after: after as string, remaining: remaining as number };
}

function parseTuple(token: string): readonly unknown[] {
  try {
    const tuple: unknown = JSON.parse(Buffer.from(token, "base64url").toString());
    return Array.isArray(tuple) ? tuple : [];
  } catch {
    return [];
  }
}
