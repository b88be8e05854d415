import type { FieldError } from "../errors.ts";
import { IMMUTABLE, invalidValue } from "../field-errors.ts";
import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { checkLabels, validateMetadata } from "../metadata-validation.ts";
import { dnsLabelFault } from "../names.ts";
import { AGE, NAME, textColumn } from "./columns.ts";
import type { Toleration } from "./pod.ts";
import { checkTolerations } from "./pod-tolerations-validation.ts";
import { renamedLabel } from "./renamed-node-labels.ts";
import { checkResources } from "./resource-validation.ts";

/** node.k8s.io/v1 RuntimeClass: simulated containers all run alike, but it says what they cost and where they run. */
export interface RuntimeClass extends KubeObject {
  readonly handler: string;
  readonly overhead?: { readonly podFixed?: Readonly<Record<string, string>> };
  readonly scheduling?: {
    readonly nodeSelector?: Readonly<Record<string, string>>;
    readonly tolerations?: readonly Toleration[];
  };
}

export const runtimeClasses: Kind<RuntimeClass> = {
  group: "node.k8s.io",
  version: "v1",
  kind: "RuntimeClass",
  plural: "runtimeclasses",
  singular: "runtimeclass",
  shortNames: [],
  categories: [],
  namespaced: false,
  schema: "io.k8s.api.node.v1.RuntimeClass",
  statusSubresource: false,
  putNamesVersion: true,
  columns: [NAME, textColumn("Handler", "What runs its pods.", ({ handler }: RuntimeClass) => handler), AGE],
  selectableFields: {},
  validate: validateRuntimeClass,
  warnings: ({ scheduling }) =>
    Object.keys(scheduling?.nodeSelector ?? {}).flatMap((key) => {
      const message = renamedLabel(key);
      return message === undefined ? [] : [`scheduling.nodeSelector: ${message}`];
    }),
};

/** ValidateRuntimeClass and ValidateRuntimeClassUpdate (pkg/apis/node/validation). */
function validateRuntimeClass(
  { metadata, handler, overhead, scheduling }: RuntimeClass,
  old: RuntimeClass | undefined,
): readonly FieldError[] {
  const errors = validateMetadata(metadata, old?.metadata);
  const fault = dnsLabelFault(handler ?? "");
  if (fault !== undefined) errors.push(invalidValue("handler", handler ?? "", fault));
  // As the limits of a container.
  if (overhead?.podFixed !== undefined) checkResources("overhead", { limits: overhead.podFixed }, errors);
  checkLabels("scheduling.nodeSelector", scheduling?.nodeSelector, errors);
  checkTolerations("scheduling.tolerations", scheduling?.tolerations ?? [], errors);
  if (old !== undefined && old.handler !== handler) errors.push(invalidValue("handler", handler, IMMUTABLE));
  return errors;
}
