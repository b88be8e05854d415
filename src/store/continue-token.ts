import { ApiError, type Status } from "../api/errors.ts";

/** Where a paged list goes on. Opaque to clients. */
export interface ContinueToken {
  /** The version that all pages report; `NOW` for a list that is not of one version. */
  readonly revision: number;
  /** Key of the last record that was handed out or passed over. */
  readonly after: string;
  /** How many records come after it at that version, whether they match a selector or not. */
  readonly remaining: number;
}

/** Goes on in what is there now. */
export const NOW = -1;

const TOO_OLD =
  "The provided continue parameter is too old to display a consistent list result. " +
  "You can start a new list without the continue parameter";
const OR_GO_ON =
  ", or use the continue token in this response to retrieve the remainder of the results. Continuing with the " +
  "provided token results in an inconsistent list - objects that were created, modified, or deleted between the " +
  "time the first chunk was returned and now may show up in the list.";

/** A list cannot go on at its version any more; its Status has a token by which it can at the present one. */
class ListExpired extends ApiError {
  readonly #continue: string;

  constructor(token: string) {
    super("Expired", TOO_OLD + OR_GO_ON);
    this.#continue = token;
  }

  override toStatus(): Status {
    return { ...super.toStatus(), metadata: { continue: this.#continue } };
  }
}

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
  if (!isOurs) throw new ApiError("Expired", `${TOO_OLD}.`);
  if (revision !== NOW && (revision as number) < oldestRevision) {
    throw new ListExpired(
      encodeContinue({ revision: NOW, after: after as string, remaining: remaining as number }),
    );
  }
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
