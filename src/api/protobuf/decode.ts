import { ApiError, badRequest } from "../errors.ts";
import { cannotBeHandled } from "../schema/schema.ts";
import { MessageDecoder, type ParseJson } from "./message-decoder.ts";
import { type Message, messageNamed } from "./messages.ts";
import { LENGTH_DELIMITED, WireError, WireReader } from "./wire.ts";

/** Every body starts with these bytes. */
const MAGIC = Buffer.from("k8s\0");
const META = "io.k8s.apimachinery.pkg.apis.meta.v1";
/** Sent under the group and version of the request, whatever it is. */
const META_KINDS: ReadonlySet<string> = new Set(["DeleteOptions"]);

/**
 * Decodes a body of the media type application/vnd.kubernetes.protobuf into the object that JSON would have said.
 * Fields that nobody knows are skipped, as Kubernetes does.
 * @param parseJson reads the JSON that some fields carry
 * @throws ApiError BadRequest for what is no such body, UnsupportedMediaType for kinds that have no protobuf form.
 */
export function decodeProtobuf(bytes: Buffer, parseJson: ParseJson): Readonly<Record<string, unknown>> {
  const { apiVersion, kind, raw } = readFrame(bytes);
  const { group, version } = splitApiVersion(apiVersion);
  const message = messageOf(group, version, kind);
  if (message === undefined) {
    const what = `${printable(kind)} in ${printable(apiVersion)}`;
    throw new ApiError("UnsupportedMediaType", `${what} is not read as protobuf: send JSON`);
  }
  try {
    return { apiVersion, kind, ...new MessageDecoder(raw, parseJson).decode(message) };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw cannotBeHandled({ group, version, kind }, [
      { type: "TypeInvalid", field: "", message: error.message },
    ]);
  }
}

/** runtime.Unknown: what stands around every object. */
interface Frame {
  readonly apiVersion: string;
  readonly kind: string;
  readonly raw: Buffer;
}

const UNKNOWN = { typeMeta: 1, raw: 2, contentEncoding: 3 } as const;
const TYPE_META = { apiVersion: 1, kind: 2 } as const;
const NOTHING: Buffer = Buffer.alloc(0);

function readFrame(bytes: Buffer): Frame {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw badRequest("the body does not appear to be a protobuf message: it does not start with k8s\\0");
  }
  try {
    const unknown = readBytes(bytes.subarray(MAGIC.length));
    const encoding = unknown.get(UNKNOWN.contentEncoding)?.toString("utf8") ?? "";
    if (encoding !== "") throw new WireError(`it must not be encoded again (${printable(encoding)})`);
    const typeMeta = readBytes(unknown.get(UNKNOWN.typeMeta) ?? NOTHING);
    const apiVersion = typeMeta.get(TYPE_META.apiVersion)?.toString("utf8") ?? "";
    const kind = typeMeta.get(TYPE_META.kind)?.toString("utf8") ?? "";
    if (apiVersion === "" || kind === "") throw new WireError("it does not say its apiVersion and kind");
    return { apiVersion, kind, raw: unknown.get(UNKNOWN.raw) ?? NOTHING };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw badRequest(`the body is not a valid protobuf object: ${error.message}`);
  }
}

/** Fields that hold bytes, by number; the last of each. */
function readBytes(bytes: Buffer): ReadonlyMap<number, Buffer> {
  const reader = new WireReader(bytes);
  const fields = new Map<number, Buffer>();
  while (reader.at < bytes.length) {
    const tag = reader.tag();
    if ((tag & 7) === LENGTH_DELIMITED) {
      const end = reader.end(bytes.length);
      fields.set(tag >>> 3, bytes.subarray(reader.at, end));
      reader.at = end;
    } else reader.moveOn(tag & 7, bytes.length);
  }
  return fields;
}

function splitApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf("/");
  return { group: apiVersion.slice(0, Math.max(slash, 0)), version: apiVersion.slice(slash + 1) };
}

/** The groups that Kubernetes itself has: without dots, or ending so. */
const OWN_GROUP = /^([a-z]+)(?:(?:\.[a-z]+)*\.k8s\.io)?$/;

function messageOf(group: string, version: string, kind: string): Message | undefined {
  if (META_KINDS.has(kind)) return messageNamed(`${META}.${kind}`);
  const label = group === "" ? "core" : OWN_GROUP.exec(group)?.[1];
  return label === undefined ? undefined : messageNamed(`io.k8s.api.${label}.${version}.${kind}`);
}

function printable(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
