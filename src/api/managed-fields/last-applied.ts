import type { KubeObject } from "../meta.ts";
import { type Fields, isFields } from "../patch/own-data.ts";
import { conform } from "../schema/schema.ts";
import type { Application } from "./apply.ts";
import { difference, type FieldNode, LEAF } from "./field-set.ts";
import { ownableParts, rootSchema } from "./ownable.ts";
import { changedFields, fieldsOf } from "./owned-fields.ts";

/** Where `kubectl apply` keeps what it applied last, when it works on the client's side. */
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
/** Only this manager continues what kubectl did on the client's side. */
const KUBECTL = "kubectl";
/** All annotations together may be so long (totalAnnotationSizeLimitB). */
const ANNOTATIONS_BYTES_MAX = 262_144;

/**
 * The fields that kubectl applied on the client's side and that still have that value. When it goes over to applying on
 * the server's side they are its own, whoever is listed as their manager.
 */
export function fieldsInLastApplied(live: KubeObject, { kind, manager }: Application): FieldNode {
  const text = live.metadata.annotations?.[LAST_APPLIED];
  if (manager !== KUBECTL || text === undefined) return LEAF;
  const lastApplied = parseObject(text);
  if (lastApplied === undefined) return LEAF;
  const { value, errors } = kind.custom?.conform(lastApplied as object) ?? conform(kind.schema, lastApplied);
  if (errors.length > 0) return LEAF;
  const schema = rootSchema(kind);
  const parts = ownableParts(kind, value as object, undefined);
  const changedSince = changedFields(schema, ownableParts(kind, live, undefined), parts) ?? LEAF;
  return difference(fieldsOf(schema, parts), changedSince);
}

/** Keeps the annotation true when kubectl applies on the server's side to an object that has it. */
export function withLastApplied(
  parts: Fields,
  live: KubeObject,
  { manager, configuration, subresource }: Application,
): Fields {
  const before = live.metadata.annotations?.[LAST_APPLIED];
  if (manager !== KUBECTL || before === undefined || subresource !== undefined) return parts;
  const metadata = (parts.metadata ?? {}) as { readonly annotations?: Readonly<Record<string, string>> };
  const text = lastAppliedText(configuration);
  if (text === metadata.annotations?.[LAST_APPLIED] || text.length > ANNOTATIONS_BYTES_MAX) return parts;
  const annotations = { ...metadata.annotations, [LAST_APPLIED]: text };
  return { ...parts, metadata: { ...metadata, annotations } };
}

function lastAppliedText(configuration: Fields): string {
  const metadata = (configuration.metadata ?? {}) as { readonly annotations?: Fields };
  const { [LAST_APPLIED]: _old, ...annotations } = metadata.annotations ?? {};
  return `${JSON.stringify({ ...configuration, metadata: { ...metadata, annotations } })}\n`;
}

function parseObject(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
