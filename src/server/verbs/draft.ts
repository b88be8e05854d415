import { badRequest } from "../../api/errors.ts";
import { apiVersionOf } from "../../api/kind.ts";
import type { Draft, KubeObject } from "../../api/meta.ts";
import { checkNamed, untypedObject } from "../../api/named-object.ts";
import type { WriteOptions } from "../../api/objects.ts";
import { conform, unknownFieldText } from "../../api/schema/schema.ts";
import { type Body, isObject, readObject } from "../body.ts";
import { type OptionsKind, writeOptions } from "../write-options.ts";
import type { VerbContext } from "./context.ts";

/** An object from a request's body, with the options of the write and a place for its warnings. */
export interface ReadDraft {
  readonly draft: Draft<KubeObject>;
  readonly options: WriteOptions;
  readonly warnings: readonly string[];
}

/** Reads the object of a POST, or of a PUT of the given name. Fails with BadRequest when it does not fit the path. */
export async function readDraft(context: VerbContext, name?: string): Promise<ReadDraft> {
  const warnings: string[] = [];
  const kind: OptionsKind = name === undefined ? "CreateOptions" : "UpdateOptions";
  const options = writeOptions(context, warnings, kind);
  const validation = options.fieldValidation;
  const body = await readObject(context.request, validation === "Strict" || validation === "Warn");
  reportDuplicates(context, body, options);
  return { draft: draftOf(context, body.value, name), options, warnings };
}

/** Tells, or refuses with BadRequest, keys that a body has twice; a refusal names fields that nobody knows as well. */
export function reportDuplicates(
  context: Pick<VerbContext, "kind">,
  { duplicates, value }: Pick<Body, "duplicates"> & Partial<Body>,
  options: WriteOptions,
): void {
  if (duplicates.length === 0) return;
  const texts = duplicates.map((path) => `duplicate field ${JSON.stringify(path)}`);
  if (options.fieldValidation !== "Strict") {
    for (const each of texts) options.onWarning?.(each);
    return;
  }
  const { kind, schema, custom, version } = context.kind;
  const conformed = value && (custom?.conform(value) ?? conform(schema, value));
  const all = [...texts, ...(conformed?.unknownFields ?? []).map(unknownFieldText)];
  throw badRequest(
    `${kind} in version "${version}" cannot be handled as a ${kind}: strict decoding error: ${all.join(", ")}`,
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
  for (const field of ["apiVersion", "kind"] as const) {
    const given = body[field] ?? "";
    if (typeof given !== "string") throw untypedObject(field, given);
  }
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
  const { namespace } = context;
  const given = metadata.namespace || undefined;
  if (name !== undefined) checkNamed(metadata, { name, ...(namespace && { namespace }) });
  if (given !== undefined && given !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  return given === namespace ? metadata : { ...metadata, namespace };
}
