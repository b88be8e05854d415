import { type ApiError, badRequest, invalid } from "../errors.ts";
import { invalidValue } from "../field-errors.ts";
import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import type { Patch as AnyPatch, ApplyPatch } from "../objects.ts";
import type { DecodingError } from "../schema/schema.ts";
import { jsonPatch } from "./json-patch.ts";
import { mergePatch } from "./merge-patch.ts";
import { type Fields, isFields } from "./own-data.ts";
import { strategicMerge } from "./strategic-merge.ts";

/** Patches that say what to change; an apply (managed-fields/) says what there should be. */
type Patch = Exclude<AnyPatch, ApplyPatch>;

/**
 * The object that a patch makes of another. Shares what does not change.
 * @throws ApiError Invalid or BadRequest when the patch cannot be applied or does not leave an object.
 */
export function applyPatch<T extends KubeObject>(kind: Pick<Kind<T>, "schema">, object: T, patch: Patch): T {
  const patched = patchedValue(kind.schema, object as unknown as Fields, patch);
  if (!isFields(patched) || !isFields(patched.metadata)) {
    throw badRequest("the patch does not leave an object with metadata");
  }
  return patched as unknown as T;
}

/** 422, as Kubernetes says of a patch whose outcome is no object of its kind (a create or update gets 400). */
export function patchRefused(patch: AnyPatch, { why }: DecodingError): ApiError {
  const body = patch.type === "json" ? patch.operations : patch.patch;
  return invalid({ group: "", plural: "", kind: "" }, "", [invalidValue("patch", JSON.stringify(body), why)]);
}

function patchedValue(schemaName: string, object: Fields, patch: Patch): unknown {
  if (patch.type === "json") {
    if (!Array.isArray(patch.operations)) throw badRequest("a JSON patch must be a list of operations");
    return jsonPatch(object, patch.operations);
  }
  if (!isFields(patch.patch)) throw badRequest("the patch must be an object");
  return patch.type === "merge"
    ? mergePatch(object, patch.patch)
    : strategicMerge(schemaName, object, patch.patch);
}
