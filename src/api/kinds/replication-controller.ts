import { deepEqual } from "../deep-equal.ts";
import type { FieldError } from "../errors.ts";
import { requiredValue } from "../field-errors.ts";
import type { Kind } from "../kind.ts";
import { selectorText, selects } from "../label-selector.ts";
import type { KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { countedStatus } from "../status-counts.ts";
import { AGE, NAME, NONE, textColumn } from "./columns.ts";
import {
  checkNotNegative,
  checkTemplate,
  notSelected,
  type PodTemplate,
  setTemplateDefaults,
} from "./pod-template.ts";
import { workloadWarnings } from "./pod-warnings.ts";
import type { ReplicaSetStatus } from "./replica-set.ts";
import { REPLICA_RULES } from "./replica-set.ts";
import { CONTAINERS, countColumn, IMAGES } from "./workload-columns.ts";

/** v1 ReplicationController: what was before ReplicaSets; its selector is a map of labels. */
export interface ReplicationController extends KubeObject {
  readonly spec: {
    readonly replicas: number;
    readonly minReadySeconds?: number;
    readonly selector: Readonly<Record<string, string>>;
    readonly template: PodTemplate;
  };
  readonly status: ReplicaSetStatus;
}

export const replicationControllers: Kind<ReplicationController> = {
  group: "",
  version: "v1",
  kind: "ReplicationController",
  plural: "replicationcontrollers",
  singular: "replicationcontroller",
  shortNames: ["rc"],
  categories: ["all"],
  namespaced: true,
  schema: "io.k8s.api.core.v1.ReplicationController",
  statusSubresource: true,
  validateStatus: countedStatus(REPLICA_RULES),
  columns: [
    NAME,
    countColumn("Desired", "Pods that there should be.", ({ spec }: ReplicationController) => spec.replicas),
    countColumn("Current", "Pods that there are.", ({ status }: ReplicationController) => status.replicas),
    countColumn("Ready", "Pods that are ready.", ({ status }: ReplicationController) => status.readyReplicas),
    AGE,
    CONTAINERS as Kind<ReplicationController>["columns"][number],
    IMAGES as Kind<ReplicationController>["columns"][number],
    textColumn(
      "Selector",
      "Labels of the pods that belong to it.",
      ({ spec }: ReplicationController) => selectorText({ matchLabels: spec.selector }) || NONE,
      1,
    ),
  ],
  selectableFields: { "status.replicas": ({ status }) => String(status.replicas) },
  setDefaults: setReplicationControllerDefaults,
  prepareForCreate: (controller) => ({ ...controller, status: { replicas: 0 } }),
  validate: validateReplicationController,
  warnings: workloadWarnings,
  // Kubernetes leaves the pods of this old kind alone unless it is told otherwise.
  defaultPropagation: "Orphan",
  scale: {
    specReplicasPath: ".spec.replicas",
    statusReplicasPath: ".status.replicas",
    selector: ({ spec }) => selectorText({ matchLabels: spec.selector }),
  },
};

/** Labels and selector follow the template's labels where they are not given. */
function setReplicationControllerDefaults(controller: ReplicationController): ReplicationController {
  const { spec, metadata, status } = controller;
  const template = setTemplateDefaults(spec?.template);
  const labels = isEmpty(template.metadata?.labels) ? undefined : template.metadata?.labels;
  const selector = isEmpty(spec?.selector) && labels !== undefined ? labels : spec?.selector;
  const needsLabels = isEmpty(metadata.labels) && labels !== undefined;
  const isComplete =
    spec?.replicas !== undefined && template === spec.template && selector === spec.selector && !needsLabels;
  if (isComplete && status?.replicas !== undefined) return controller;
  return {
    ...controller,
    metadata: needsLabels ? { ...metadata, labels } : metadata,
    spec: isComplete
      ? spec
      : { ...spec, replicas: spec?.replicas ?? 1, template, ...(selector && { selector }) },
    status: status?.replicas === undefined ? { ...status, replicas: 0 } : status,
  } as ReplicationController;
}

function isEmpty(map: object | undefined): boolean {
  return map === undefined || Object.keys(map).length === 0;
}

function validateReplicationController(
  controller: ReplicationController,
  old: ReplicationController | undefined,
): readonly FieldError[] {
  const errors = validateMetadata(controller.metadata, old?.metadata);
  const { spec } = controller;
  if (old !== undefined && deepEqual(spec, old.spec)) return errors;
  checkNotNegative({ "spec.minReadySeconds": spec.minReadySeconds }, errors);
  const { selector = {}, template } = spec;
  const isEmpty = Object.keys(selector).length === 0;
  if (isEmpty) errors.push(requiredValue("spec.selector"));
  checkNotNegative({ "spec.replicas": spec.replicas }, errors);
  if (!isEmpty && !selects({ matchLabels: selector }, template.metadata?.labels)) {
    errors.push(notSelected(template));
  }
  checkTemplate("spec.template", template, "ReplicationController", errors);
  return errors;
}
