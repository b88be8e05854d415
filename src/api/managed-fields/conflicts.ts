import { ApiError } from "../errors.ts";
import { type FieldNode, pathsOf, pathText } from "./field-set.ts";
import type { ManagedFieldsEntry } from "./managers.ts";

/** Fields that an apply would change and another manager owns. */
export interface Conflict {
  readonly entry: ManagedFieldsEntry;
  readonly fields: FieldNode;
}

/** 409 in kube-apiserver's words, with a cause for every field. */
export function applyConflict(conflicts: readonly Conflict[]): ApiError {
  const owned = conflicts
    .map(({ entry, fields }) => ({ owner: ownerText(entry), paths: [...pathsOf(fields)].map(pathText) }))
    .sort((left, right) => (left.owner < right.owner ? -1 : 1));
  const causes = owned.flatMap(({ owner, paths }) =>
    paths.map((field) => ({ reason: "FieldManagerConflict", message: `conflict with ${owner}`, field })),
  );
  return new ApiError("Conflict", conflictText(owned, causes.length), { causes });
}

function conflictText(
  owned: readonly { readonly owner: string; readonly paths: readonly string[] }[],
  count: number,
): string {
  if (count === 1) {
    return `Apply failed with 1 conflict: conflict with ${owned[0]?.owner}: ${owned[0]?.paths[0]}`;
  }
  const texts = owned.map(({ owner, paths }) => {
    return `conflicts with ${owner}:\n${paths.map((path) => `- ${path}`).join("\n")}`;
  });
  return `Apply failed with ${count} conflicts: ${texts.join("\n")}`;
}

function ownerText({ manager, operation, apiVersion, subresource }: ManagedFieldsEntry): string {
  const name = JSON.stringify(manager ?? "");
  const through =
    subresource === undefined ? name : `${name} with subresource ${JSON.stringify(subresource)}`;
  return operation === "Update" ? `${through} using ${apiVersion ?? ""}` : through;
}
