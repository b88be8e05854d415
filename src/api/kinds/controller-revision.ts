import { deepEqual } from "../deep-equal.ts";
import type { FieldError } from "../errors.ts";
import { IMMUTABLE, invalidValue, NOT_NEGATIVE } from "../field-errors.ts";
import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { controllerOf } from "../owner-references.ts";
import { AGE, NAME, NONE, textColumn } from "./columns.ts";
import { countColumn } from "./workload-columns.ts";

/** apps/v1 ControllerRevision: an earlier state of a StatefulSet or DaemonSet, as a patch that brings it back. */
export interface ControllerRevision extends KubeObject {
  readonly data?: unknown;
  readonly revision: number;
}

export const controllerRevisions: Kind<ControllerRevision> = {
  group: "apps",
  version: "v1",
  kind: "ControllerRevision",
  plural: "controllerrevisions",
  singular: "controllerrevision",
  shortNames: [],
  categories: [],
  namespaced: true,
  schema: "io.k8s.api.apps.v1.ControllerRevision",
  statusSubresource: false,
  columns: [
    NAME,
    textColumn("Controller", "Whose state it is.", controllerText),
    countColumn("Revision", "Its number.", ({ revision }: ControllerRevision) => revision),
    AGE,
  ],
  selectableFields: {},
  setDefaults: (given) => (given.revision === undefined ? { ...given, revision: 0 } : given),
  validate: validateRevision,
};

function controllerText(object: ControllerRevision): string {
  const owner = controllerOf(object);
  if (owner === undefined) return NONE;
  const [group] = owner.apiVersion.split("/");
  const dotted = owner.apiVersion.includes("/") ? `.${group}` : "";
  return `${owner.kind.toLowerCase()}${dotted}/${owner.name}`;
}

function validateRevision(object: ControllerRevision, old: ControllerRevision | undefined): FieldError[] {
  const errors = validateMetadata(object.metadata, old?.metadata);
  if (object.revision < 0) errors.push(invalidValue("revision", object.revision, NOT_NEGATIVE));
  if (old !== undefined && !deepEqual(object.data, old.data)) {
    errors.push(invalidValue("data", object.data ?? null, IMMUTABLE));
  }
  return errors;
}
