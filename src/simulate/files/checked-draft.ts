import { ApiError, invalid } from "../../api/errors.ts";
import type { Kind } from "../../api/kind.ts";
import type { KubeObject } from "../../api/meta.ts";
import { conformObject } from "../../api/schema/conform-object.ts";
import { FileFault } from "../../lib/file-fault.ts";
import type { LoadedDraft } from "./draft.ts";

/**
 * An object that somebody wrote, with the types of its kind: `cpu: 3` has become "3". Fails with FileFault, in
 * Kubernetes' own words, when it could not be created.
 */
export function checkedDraft(loaded: LoadedDraft): LoadedDraft {
  const { kind, file, line } = loaded;
  try {
    const draft = conformObject(kind, loaded.draft, { fieldValidation: "Strict" });
    const object = completed(kind, draft as unknown as KubeObject);
    const faults = kind.validate?.(object, undefined) ?? [];
    if (faults.length > 0) throw invalid(kind, draft.metadata.name ?? "", faults);
    return { ...loaded, draft };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new FileFault(file, line, undefined, error.message);
  }
}

function completed(kind: Kind, draft: KubeObject): KubeObject {
  const prepared = kind.prepareForCreate?.(draft, 0) ?? draft;
  return kind.setDefaults?.(prepared) ?? prepared;
}
