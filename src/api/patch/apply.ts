import { badRequest } from "../errors.ts";
import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import type { Patch } from "../objects.ts";
import { isFields, mergePatch } from "./merge-patch.ts";

/**
 * The object that a patch makes of another. Shares what does not change.
 * @throws ApiError Invalid or BadRequest when the patch can not be applied or does not leave an object.
 */
export function applyPatch<T extends KubeObject>(_kind: Kind<T>, object: T, patch: Patch): T {
  const patched = patch.type === "json" ? object : mergePatch(object, patch.patch);
  if (!isFields(patched) || !isFields(patched.metadata)) {
    throw badRequest("the patch does not leave an object");
  }
  return patched as unknown as T;
}
