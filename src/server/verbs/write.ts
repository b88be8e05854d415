import { ApiError, badRequest } from "../../api/errors.ts";
import { apiVersionOf } from "../../api/kind.ts";
import type { Draft, KubeObject } from "../../api/meta.ts";
import type { JsonPatchOperation, Patch, UpdateOptions, WriteOptions } from "../../api/objects.ts";
import { type Answer, JSON_HEADERS } from "../answer.ts";
import { type Body, isObject, mediaTypeOf, readJson, readObject, unsupportedMediaType } from "../body.ts";
import { textParameter } from "../query.ts";
import { writeOptions } from "../write-options.ts";
import type { VerbContext } from "./context.ts";
import { keyFor, viewFor } from "./read.ts";

/** RFC 6902 patches longer than this are refused, as kube-apiserver does. */
const JSON_PATCH_OPERATIONS_MAX = 10_000;

const PATCH_TYPES = [
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
] as const;
const APPLY_TYPE = "application/apply-patch+yaml";

/** POST to a collection. `replaces` is kubesim's own parameter (see CreateOptions). */
export async function createObject(context: VerbContext): Promise<Answer> {
  const { draft, options, warnings } = await readDraft(context);
  const replaces = textParameter(context.query, "replaces");
  const placed = replaces === undefined ? options : { ...options, replaces };
  const created = await context.objects.create(context.kind, draft, placed);
  return answerObject(context, 201, created, warnings);
}

/** PUT of an object or of its status. */
export async function replaceObject(
  context: VerbContext,
  name: string,
  subresource: "status" | undefined,
): Promise<Answer> {
  const { draft, options, warnings } = await readDraft(context, name);
  const object = draft as KubeObject;
  const updated = await context.objects.update(context.kind, object, withSubresource(options, subresource));
  return answerObject(context, 200, updated, warnings);
}

/** PATCH of an object or of its status. */
export async function patchObject(
  context: VerbContext,
  name: string,
  subresource: "status" | undefined,
): Promise<Answer> {
  const warnings: string[] = [];
  const options = withSubresource(writeOptions(context.query, warnings), subresource);
  const patch = await readPatch(context);
  const patched = await context.objects.patch(context.kind, keyFor(context, name), patch, options);
  return answerObject(context, 200, patched, warnings);
}

/** POST to a subresource, such as pods/eviction. */
export async function runAction(context: VerbContext, name: string, action: string): Promise<Answer> {
  const warnings: string[] = [];
  const options = writeOptions(context.query, warnings);
  const { value } = await readObject(context.request);
  const result = await context.objects.act(context.kind, keyFor(context, name), action, value, options);
  return { status: 201, headers: withWarnings(warnings), body: JSON.stringify(result) };
}

function answerObject(
  context: VerbContext,
  status: number,
  object: KubeObject,
  warnings: readonly string[],
): Answer {
  return { status, headers: withWarnings(warnings), body: viewFor(context).single(object) };
}

function withWarnings(warnings: readonly string[]): readonly string[] {
  if (warnings.length === 0) return JSON_HEADERS;
  return [...JSON_HEADERS, ...warnings.flatMap((text) => ["warning", warningValue(text)])];
}

/** RFC 7234 warn-code 299; header values are printable ASCII. */
function warningValue(warning: string): string {
  const printable = warning.replace(/[^\x20-\x7e]/g, "?").slice(0, 1_000);
  return `299 - "${printable.replace(/[\\"]/g, "\\$&")}"`;
}

function withSubresource(options: WriteOptions, subresource: "status" | undefined): UpdateOptions {
  return subresource === undefined ? options : { ...options, subresource };
}

async function readDraft(
  context: VerbContext,
  name?: string,
): Promise<{ draft: Draft<KubeObject>; options: WriteOptions; warnings: string[] }> {
  const warnings: string[] = [];
  const options = writeOptions(context.query, warnings);
  const validation = options.fieldValidation;
  const body = await readObject(context.request, validation === "Strict" || validation === "Warn");
  reportDuplicates(context, body, options);
  return { draft: draftOf(context, body.value, name), options, warnings };
}

function reportDuplicates(context: VerbContext, body: Body, options: WriteOptions): void {
  if (body.duplicates.length === 0) return;
  const texts = body.duplicates.map((path) => `duplicate field ${JSON.stringify(path)}`);
  if (options.fieldValidation !== "Strict") {
    for (const each of texts) options.onWarning?.(each);
    return;
  }
  const { kind } = context.kind;
  throw badRequest(
    `${kind} in version "${context.kind.version}" cannot be handled as a ${kind}: strict decoding error: ${texts.join(", ")}`,
  );
}

/** Checks that the body is of the kind, namespace and name that the path says, and fills in what it leaves out. */
function draftOf(
  context: VerbContext,
  body: Readonly<Record<string, unknown>>,
  name: string | undefined,
): Draft<KubeObject> {
  const apiVersion = apiVersionOf(context.kind);
  const { kind } = context.kind;
  if ((body.apiVersion ?? apiVersion) !== apiVersion) {
    const given = String(body.apiVersion);
    throw badRequest(
      `the API version in the data (${given}) does not match the expected API version (${apiVersion})`,
    );
  }
  if ((body.kind ?? kind) !== kind) {
    throw badRequest(
      `the kind in the data (${String(body.kind)}) does not match the expected kind (${kind})`,
    );
  }
  const metadata = body.metadata ?? {};
  if (!isObject(metadata)) throw badRequest(`${kind} in version "${apiVersion}": metadata must be an object`);
  const placed = placedMetadata(context, metadata, name);
  if (placed === metadata && body.apiVersion === apiVersion && body.kind === kind) {
    return body as unknown as Draft<KubeObject>;
  }
  return { ...body, apiVersion, kind, metadata: placed } as unknown as Draft<KubeObject>;
}

function placedMetadata(
  context: VerbContext,
  metadata: Readonly<Record<string, unknown>>,
  name: string | undefined,
): Readonly<Record<string, unknown>> {
  const givenNamespace = metadata.namespace || undefined;
  const givenName = metadata.name || undefined;
  if (givenNamespace !== undefined && givenNamespace !== context.namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  if (name !== undefined && givenName !== undefined && givenName !== name) {
    throw badRequest(
      `the name of the object (${String(givenName)}) does not match the name on the URL (${name})`,
    );
  }
  const isPlaced = givenNamespace === context.namespace && (name === undefined || givenName === name);
  if (isPlaced) return metadata;
  return {
    ...metadata,
    ...(context.namespace !== undefined && { namespace: context.namespace }),
    ...(name !== undefined && { name }),
  };
}

async function readPatch(context: VerbContext): Promise<Patch> {
  const type = mediaTypeOf(context.request) ?? "";
  if (type === APPLY_TYPE) {
    throw new ApiError(
      "UnsupportedMediaType",
      "server-side apply is not supported by this version of kubesim: use client-side apply (kubectl apply) or another patch",
    );
  }
  if (type === PATCH_TYPES[0])
    return { type: "json", operations: operationsOf(await readJson(context.request)) };
  if (type !== PATCH_TYPES[1] && type !== PATCH_TYPES[2]) throw unsupportedMediaType(type, PATCH_TYPES);
  const patch = await readJson(context.request);
  if (!isObject(patch)) throw badRequest("the patch must be a JSON object");
  return { type: type === PATCH_TYPES[1] ? "merge" : "strategic", patch };
}

function operationsOf(value: unknown): readonly JsonPatchOperation[] {
  if (!Array.isArray(value)) throw badRequest("a JSON patch must be a list of operations");
  if (value.length > JSON_PATCH_OPERATIONS_MAX) {
    const message = `The allowed maximum operations in a JSON patch is ${JSON_PATCH_OPERATIONS_MAX}, got ${value.length}`;
    throw new ApiError("RequestEntityTooLarge", message);
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
