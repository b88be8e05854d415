import { ApiError, badRequest } from "../../api/errors.ts";
import type { JsonPatchOperation, Patch, WriteOptions } from "../../api/objects.ts";
import { isObject, mediaTypeOf, readJson, readJsonOrYaml, unsupportedMediaType } from "../body.ts";
import { forceOption, writeOptions } from "../write-options.ts";
import type { VerbContext } from "./context.ts";
import { reportDuplicates } from "./draft.ts";

/** RFC 6902 patches longer than this are refused, as kube-apiserver does. */
const JSON_PATCH_OPERATIONS_MAX = 10_000;

const JSON_PATCH = "application/json-patch+json";
const MERGE_PATCH = "application/merge-patch+json";
const STRATEGIC_PATCH = "application/strategic-merge-patch+json";
const APPLY_PATCH = "application/apply-patch+yaml";
const PATCH_TYPES: readonly string[] = [JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, APPLY_PATCH];
/** How the lists of a custom resource merge is not known to a strategic patch, as in Kubernetes. */
const CUSTOM_PATCH_TYPES = PATCH_TYPES.filter((type) => type !== STRATEGIC_PATCH);

/** A patch from a request's body, with the options of the write and a place for its warnings. */
export interface ReadPatch {
  readonly patch: Patch;
  readonly options: WriteOptions;
  readonly warnings: readonly string[];
}

/** Reads a PATCH. Fails with UnsupportedMediaType, BadRequest, Invalid or RequestEntityTooLarge. */
export async function readPatch(context: VerbContext): Promise<ReadPatch> {
  const type = mediaTypeOf(context.request) ?? "";
  const types = context.kind.custom === undefined ? PATCH_TYPES : CUSTOM_PATCH_TYPES;
  if (!types.includes(type)) throw unsupportedMediaType(types);
  const warnings: string[] = [];
  const force = forceOption(context.query, type === APPLY_PATCH);
  const options = writeOptions(context, warnings, "PatchOptions");
  if (type !== APPLY_PATCH) return { patch: await plainPatch(context, type), options, warnings };
  const body = await readJsonOrYaml(context.request, options.fieldValidation !== "Ignore");
  reportDuplicates(context, body, options);
  const { fieldManager: _agent, ...named } = options;
  const fieldManager = context.query.get("fieldManager");
  return {
    patch: { type: "apply", patch: body.value, force },
    options: fieldManager ? { ...named, fieldManager } : named,
    warnings,
  };
}

async function plainPatch({ request }: VerbContext, type: string): Promise<Patch> {
  if (type === JSON_PATCH) return { type: "json", operations: operationsOf(await readJson(request)) };
  const patch = await readJson(request);
  if (!isObject(patch)) throw badRequest("the patch must be a JSON object");
  return { type: type === MERGE_PATCH ? "merge" : "strategic", patch };
}

function operationsOf(value: unknown): readonly JsonPatchOperation[] {
  if (!Array.isArray(value)) throw badRequest(NO_LIST);
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

/** In the words of Go's decoder. */
const NO_LIST = "json: cannot unmarshal object into Go value of type jsonpatch.Patch";
