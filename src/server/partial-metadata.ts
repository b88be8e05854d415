import type { KubeObject } from "../api/meta.ts";

/** metav1.PartialObjectMetadata: an object without spec and status. */
export function partialMetadata(object: KubeObject, apiVersion: string): object {
  return { kind: "PartialObjectMetadata", apiVersion, metadata: object.metadata };
}
