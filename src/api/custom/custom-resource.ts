import type { KubeObject } from "../meta.ts";
import type { Conformed } from "../schema/conform.ts";
import type { FieldSchema } from "../schema/field-schema.ts";
import type { JsonSchema } from "./json-schema.ts";

/**
 * What a custom resource has instead of a type in the schema table. It is that of its definition now: it changes when
 * the definition does, without becoming another object.
 */
export interface CustomResource<T extends KubeObject = KubeObject> {
  /** Rises with every change of the definition; nothing that was derived from an older one holds any more. */
  readonly revision: string;
  /** The structural schema, with its x-kubernetes extensions. */
  readonly schema: JsonSchema;
  /** The same in the form of the schema table. */
  readonly fields: FieldSchema;
  /** Types of metadata checked, unknown fields taken out. The object may be given in part. */
  conform(object: object): Conformed;
  /** A stored object as this version shows it. The same object gives the same answer. */
  fromStored(stored: KubeObject): T;
  /** An object of this version as it is stored. */
  toStored(object: T): KubeObject;
}
