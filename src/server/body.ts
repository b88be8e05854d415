import { ApiError, badRequest } from "../api/errors.ts";
import { duplicateKeys, parseJson } from "./json-text.ts";
import { type ApiRequest, BODY_LIMIT_BYTES } from "./request.ts";

/** A decoded body and, where it was asked for, the paths of keys that stand in it twice. */
export interface Body {
  readonly value: Readonly<Record<string, unknown>>;
  readonly duplicates: readonly string[];
}

const JSON_TYPE = "application/json";
const YAML_TYPE = "application/yaml";
const PROTOBUF_TYPE = "application/vnd.kubernetes.protobuf";
const OBJECT_TYPES: readonly string[] = [JSON_TYPE, YAML_TYPE, PROTOBUF_TYPE];

/** The media type of the body without parameters; undefined when the client does not say. */
export function mediaTypeOf(request: ApiRequest): string | undefined {
  const header = request.header("content-type");
  if (header === undefined || header === JSON_TYPE) return header;
  const end = header.indexOf(";");
  const type = (end < 0 ? header : header.slice(0, end)).trim().toLowerCase();
  return type === "" ? undefined : type;
}

/** Reads a body that must be one object. Fails with UnsupportedMediaType, BadRequest or RequestEntityTooLarge. */
export async function readObject(request: ApiRequest, wantDuplicates = false): Promise<Body> {
  const type = checkedType(request);
  return decode(type, await request.readBody(BODY_LIMIT_BYTES), wantDuplicates);
}

/** Reads an object that may be left out, as a DELETE's options are. */
export async function readOptionalObject(request: ApiRequest): Promise<Readonly<Record<string, unknown>>> {
  const type = checkedType(request);
  const bytes = await request.readBody(BODY_LIMIT_BYTES);
  return bytes.length === 0 ? {} : (await decode(type, bytes, false)).value;
}

function checkedType(request: ApiRequest): string {
  refuseCompression(request);
  const type = mediaTypeOf(request) ?? JSON_TYPE;
  if (!OBJECT_TYPES.includes(type)) throw unsupportedMediaType(OBJECT_TYPES);
  return type;
}

async function decode(type: string, bytes: Buffer, wantDuplicates: boolean): Promise<Body> {
  if (type === PROTOBUF_TYPE) {
    const { decodeProtobuf } = await import("../api/protobuf/decode.ts");
    return { value: decodeProtobuf(bytes, parseJson), duplicates: [] };
  }
  const text = bytes.toString("utf8");
  const source = type === YAML_TYPE ? await yamlToJson(text) : text;
  const value = parseJson(source);
  if (!isObject(value)) throw badRequest("the body must be a JSON object");
  return { value, duplicates: wantDuplicates ? duplicateKeys(source) : [] };
}

/**
 * Reads the object that a server-side apply sends: YAML, which nearly all clients write as JSON. Fails with BadRequest
 * or RequestEntityTooLarge.
 */
export async function readJsonOrYaml(request: ApiRequest, wantDuplicates: boolean): Promise<Body> {
  refuseCompression(request);
  const bytes = await request.readBody(BODY_LIMIT_BYTES);
  return decode(startsLikeJson(bytes) ? JSON_TYPE : YAML_TYPE, bytes, wantDuplicates);
}

function startsLikeJson(bytes: Buffer): boolean {
  const text = bytes.subarray(0, 100).toString("latin1").trimStart();
  return text.startsWith('{"') || /^\{\s*"/.test(text);
}

/** Reads a JSON body of any shape, for patches. */
export async function readJson(request: ApiRequest): Promise<unknown> {
  refuseCompression(request);
  return parseJson((await request.readBody(BODY_LIMIT_BYTES)).toString("utf8"));
}

/** 415 with the list of what would have been taken. */
export function unsupportedMediaType(accepted: readonly string[]): ApiError {
  const problem = "the body of the request was in an unknown format";
  const message = `${problem} - accepted media types include: ${accepted.join(", ")}`;
  return new ApiError("UnsupportedMediaType", message);
}

/** A compressed body could unfold to any size; no client of Kubernetes sends one. */
function refuseCompression(request: ApiRequest): void {
  const encoding = request.header("content-encoding");
  if (encoding !== undefined && encoding !== "identity") {
    throw new ApiError(
      "UnsupportedMediaType",
      `request bodies must not be compressed (${encoding.slice(0, 20)})`,
    );
  }
}

/** Loaded on first need: most servers never see YAML. Aliases are limited, so that they cannot unfold without end. */
async function yamlToJson(text: string): Promise<string> {
  const { parse, YAMLError } = await import("yaml");
  try {
    return JSON.stringify(parse(text, { maxAliasCount: 100, prettyErrors: true })) ?? "null";
  } catch (error) {
    if (error instanceof YAMLError || error instanceof ReferenceError || error instanceof RangeError) {
      throw badRequest(`error decoding YAML: ${error.message}`);
    }
    throw error;
  }
}

/** A JSON object: neither null nor a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
