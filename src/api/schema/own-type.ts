import type { FieldNotation } from "./field-schema.ts";

/** A type that is written by hand, in the table's notation, with its documentation. */
export interface OwnType {
  readonly doc: string;
  /** By field: its type, and what it means. */
  readonly fields: Readonly<Record<string, readonly [FieldNotation, string]>>;
}

const OBJECT_META = "@io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

/** What every kind has. */
export const KIND_FIELDS = {
  apiVersion: ["s", "Version of the schema: group and version."],
  kind: ["s", "Name of the kind."],
  metadata: [OBJECT_META, "Standard object's metadata."],
} as const;
