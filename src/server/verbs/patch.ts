import { ApiError, badRequest } from "../../api/errors.ts";
import type { JsonPatchOperation, Patch } from "../../api/objects.ts";
import { isObject, mediaTypeOf, readJson, unsupportedMediaType } from "../body.ts";
import type { VerbContext } from "./context.ts";

/** RFC 6902 patches longer than this are refused, as kube-apiserver does. */
const JSON_PATCH_OPERATIONS_MAX = 10_000;

const PATCH_TYPES = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
] as const;
const APPLY_TYPE = "application/apply-patch+yaml";

/** Reads the body of a PATCH. Fails with UnsupportedMediaType, BadRequest, Invalid or RequestEntityTooLarge. */
export async function readPatch(context: VerbContext): Promise<Patch> {
  const type = mediaTypeOf(context.request) ?? "";
  if (type === APPLY_TYPE) {
    throw new ApiError(
      "UnsupportedMediaType",
      "server-side apply is not supported by this version of kubesim: " +
        "use client-side apply (kubectl apply) or another kind of patch",
    );
  }
  if (type === PATCH_TYPES[0])
    return { type: "json", operations: operationsOf(await readJson(context.request)) };
  if (type !== PATCH_TYPES[1] && type !== PATCH_TYPES[2]) throw unsupportedMediaType(PATCH_TYPES);
  const patch = await readJson(context.request);
  if (!isObject(patch)) throw badRequest("the patch must be a JSON object");
  return { type: type === PATCH_TYPES[1] ? "merge" : "strategic", patch };
}

function operationsOf(value: unknown): readonly JsonPatchOperation[] {
  if (!Array.isArray(value)) throw badRequest("a JSON patch must be a list of operations");
  if (value.length > JSON_PATCH_OPERATIONS_MAX) {
    const limit = `The allowed maximum operations in a JSON patch is ${JSON_PATCH_OPERATIONS_MAX}`;
    throw new ApiError("RequestEntityTooLarge", `${limit}, got ${value.length}`);
  }
  return value.map(operationOf);
}

const OPERATIONS: readonly unknown[] = ["add", "remove", "replace", "move", "copy", "test"];

function operationOf(value: unknown): JsonPatchOperation {
  const isWellFormed =
    isObject(value) &&
    OPERATIONS.includes(value.op) &&
    typeof value.path === "string" &&
    (value.from === undefined || typeof value.from === "string");
  if (!isWellFormed) {
    throw new ApiError("Invalid", "the server rejected our request due to an error in our request");
  }
  return value as unknown as JsonPatchOperation;
}
