import { apiVersionOf, type Kind } from "./kind.ts";
import type { KubeObject, OwnerReference } from "./meta.ts";

/** The owner that manages the object, if it has one. */
export function controllerOf({ metadata }: Pick<KubeObject, "metadata">): OwnerReference | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true);
}

/** A reference by which an object says that `owner` manages it; its deletion in the foreground waits for the object. */
export function controllerReference(
  kind: Pick<Kind, "group" | "version" | "kind">,
  owner: Pick<KubeObject, "metadata">,
): OwnerReference {
  return {
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** Whether a reference points to an object of this kind, in whatever version. */
export function refersTo(
  { apiVersion, kind }: OwnerReference,
  target: Pick<Kind, "group" | "kind">,
): boolean {
  if (kind !== target.kind) return false;
  const slash = apiVersion.indexOf("/");
  return (slash < 0 ? "" : apiVersion.slice(0, slash)) === target.group;
}
