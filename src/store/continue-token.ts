import { ApiError } from "../api/errors.ts";

/** Where a paged list goes on. Opaque to clients. */
export interface ContinueToken {
  /** The version that all pages report. */
  readonly revision: number;
  /** Key of the last record that was handed out or passed over. */
  readonly after: string;
  /** How many objects were handed out so far. */
  readonly served: number;
}

const TOO_OLD =
  "The provided continue parameter is too old to display a consistent list result. " +
  "You can start a new list without the continue parameter.";

export function encodeContinue({ revision, after, served }: ContinueToken): string {
  return Buffer.from(JSON.stringify([revision, after, served])).toString("base64url");
}

/** @throws ApiError Expired when the token is none of ours, belongs to another list, or its version is not kept any more. */
export function decodeContinue(token: string, prefix: string, oldestRevision: number): ContinueToken {
  const [revision, after, served] = parseTuple(token);
  const isOurs =
    Number.isSafeInteger(revision) &&
    Number.isSafeInteger(served) &&
    typeof after === "string" &&
    after.startsWith(prefix);
  if (!isOurs || (revision as number) < oldestRevision) throw new ApiError("Expired", TOO_OLD);
  return { revision: revision as number, after: after as string, served: served as number };
}

function parseTuple(token: string): readonly unknown[] {
  try {
    const tuple: unknown = JSON.parse(Buffer.from(token, "base64url").toString());
    return Array.isArray(tuple) ? tuple : [];
  } catch {
    return [];
  }
}
