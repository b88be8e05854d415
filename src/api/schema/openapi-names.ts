import { apiVersionOf, type Kind } from "../kind.ts";

/** Types of metadata and of bodies that OpenAPI documents name. */
const META = "io.k8s.apimachinery.pkg.apis.meta.v1";
export const OBJECT_META = `${META}.ObjectMeta`;
export const LIST_META = `${META}.ListMeta`;
export const DELETE_OPTIONS = `${META}.DeleteOptions`;
export const PATCH = `${META}.Patch`;

export const PATCH_SCHEMA = {
  description: "Patch is provided to give a concrete name and type to the body of a PATCH request.",
  type: "object",
};

/** The media types of the patches that a kind takes; custom resources have no merge keys, so no strategic ones. */
export function patchTypes({ custom }: Pick<Kind, "custom">): readonly string[] {
  const strategic = custom === undefined ? ["application/strategic-merge-patch+json"] : [];
  return [
    "application/json-patch+json",
    "application/merge-patch+json",
    ...strategic,
    "application/apply-patch+yaml",
  ];
}

/** The name of the type of a kind's lists. */
export function listName({ schema }: Pick<Kind, "schema">): string {
  return `${schema}List`;
}

/** What a schema says that is of objects of a kind. */
export function isOfKind({ group, version, kind }: Pick<Kind, "group" | "version" | "kind">): object {
  return { "x-kubernetes-group-version-kind": [{ group, kind, version }] };
}

/** `api/v1` or `apis/GROUP/VERSION`. */
export function groupVersionPath(kind: Pick<Kind, "group" | "version">): string {
  return kind.group === "" ? `api/${kind.version}` : `apis/${apiVersionOf(kind)}`;
}
