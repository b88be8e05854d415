import { ApiError } from "../../api/errors.ts";
import { customResourceDefinitions } from "../../api/kinds/custom-resource-definition.ts";
import type { KubeObject } from "../../api/meta.ts";
import type { Objects } from "../../api/objects.ts";
import type { LoadedDraft } from "../../simulate/files/draft.ts";
import { untilServed } from "./until-served.ts";

/**
 * So many creations travel at once. They leave on one connection and the server takes them up in the order they
 * left, so that the order of creation is the order of the file, which placement depends on.
 */
const IN_FLIGHT = 256;

/** What became of the drafts. */
export interface Loaded {
  /** In the order of the files. */
  readonly created: readonly KubeObject[];
  readonly failures: readonly LoadFailure[];
  /** Why the server could not be asked any more; what was on its way then may or may not have been created. */
  readonly lost: ApiError | undefined;
}

/** An object that the server refused. */
export interface LoadFailure {
  readonly draft: LoadedDraft;
  readonly message: string;
  /** There is one of that name. */
  readonly exists: boolean;
}

/**
 * Creates objects in their order, many requests in flight; stops at the first refusal (those already on their way
 * still count), and when the server is gone.
 */
export async function createInOrder(
  objects: Objects,
  drafts: readonly LoadedDraft[],
  signal: AbortSignal,
  progress: (done: number) => void,
): Promise<Loaded> {
  const results = new Array<KubeObject | undefined>(drafts.length);
  const failures: LoadFailure[] = [];
  let lost: ApiError | undefined;
  let next = 0;
  let done = 0;
  // What stands behind a definition in the file may be of the kind that it defines: it waits until that is served.
  let definitions: Promise<void> | undefined;
  const createOne = ({ kind, draft }: LoadedDraft): Promise<KubeObject> => {
    const create = () => objects.create(kind, draft, { fieldValidation: "Strict" });
    const creation = definitions === undefined ? create() : definitions.then(create);
    if (kind.kind !== customResourceDefinitions.kind) return creation;
    const served = creation.then((definition) => untilServed(objects, definition, signal));
    definitions = served.catch(() => undefined);
    return served.then(() => creation);
  };
  const lane = async (): Promise<void> => {
    while (next < drafts.length && failures.length === 0 && lost === undefined && !signal.aborted) {
      const index = next++;
      const draft = drafts[index] as LoadedDraft;
      try {
        results[index] = await createOne(draft);
        progress(++done);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.reason === "ServiceUnavailable") lost ??= error;
        else failures.push({ draft, message: error.message, exists: error.reason === "AlreadyExists" });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(IN_FLIGHT, drafts.length) }, lane));
  const created = results.filter((object) => object !== undefined);
  return { created, failures, lost };
}
