import type { FieldError } from "../errors.ts";
import type { Kind } from "../kind.ts";
import { type LabelSelector, selectorText } from "../label-selector.ts";
import type { Condition, KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { countedStatus, type StatusRules } from "../status-counts.ts";
import { AGE, NAME } from "./columns.ts";
import {
  checkNotNegative,
  checkSelector,
  checkSelectorKept,
  checkTemplate,
  type PodTemplate,
  setTemplateDefaults,
} from "./pod-template.ts";
import { workloadWarnings } from "./pod-warnings.ts";
import { CONTAINERS, countColumn, IMAGES, SELECTOR } from "./workload-columns.ts";

/** apps/v1 ReplicaSet: so many pods of one template. */
export interface ReplicaSet extends KubeObject {
  readonly spec: {
    readonly replicas: number;
    readonly minReadySeconds?: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
  };
  readonly status: ReplicaSetStatus;
}

export interface ReplicaSetStatus {
  readonly replicas: number;
  readonly fullyLabeledReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
}

/** Counts of a ReplicaSet's status, and of a ReplicationController's. */
export const REPLICA_RULES: StatusRules = {
  counts: [
    "replicas",
    "fullyLabeledReplicas",
    "readyReplicas",
    "availableReplicas",
    "terminatingReplicas",
    "observedGeneration",
  ],
  within: [
    ["fullyLabeledReplicas", "replicas", "status.replicas"],
    ["readyReplicas", "replicas", "status.replicas"],
    ["availableReplicas", "replicas", "status.replicas"],
    ["availableReplicas", "readyReplicas", "readyReplicas"],
  ],
};

export const replicaSets: Kind<ReplicaSet> = {
  group: "apps",
  version: "v1",
  kind: "ReplicaSet",
  plural: "replicasets",
  singular: "replicaset",
  shortNames: ["rs"],
  categories: ["all"],
  namespaced: true,
  schema: "io.k8s.api.apps.v1.ReplicaSet",
  statusSubresource: true,
  validateStatus: countedStatus(REPLICA_RULES),
  columns: [
    NAME,
    countColumn("Desired", "Pods that there should be.", ({ spec }: ReplicaSet) => spec.replicas),
    countColumn("Current", "Pods that there are.", ({ status }: ReplicaSet) => status.replicas),
    countColumn("Ready", "Pods that are ready.", ({ status }: ReplicaSet) => status.readyReplicas),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
  ],
  selectableFields: { "status.replicas": ({ status }) => String(status.replicas) },
  setDefaults: setReplicaSetDefaults,
  prepareForCreate: (replicaSet) => ({ ...replicaSet, status: NO_STATUS }),
  validate: validateReplicaSet,
  warnings: workloadWarnings,
  scale: {
    specReplicasPath: ".spec.replicas",
    statusReplicasPath: ".status.replicas",
    selector: ({ spec }) => selectorText(spec.selector),
  },
};

const NO_STATUS: ReplicaSetStatus = Object.freeze({ replicas: 0 });

function setReplicaSetDefaults(replicaSet: ReplicaSet): ReplicaSet {
  const { spec, status } = replicaSet;
  const template = setTemplateDefaults(spec?.template);
  const isComplete = spec?.replicas !== undefined && template === spec.template;
  if (isComplete && status?.replicas !== undefined) return replicaSet;
  return {
    ...replicaSet,
    spec: isComplete ? spec : { ...spec, replicas: spec?.replicas ?? 1, template },
    status: status?.replicas === undefined ? { ...status, ...NO_STATUS } : status,
  };
}

function validateReplicaSet(replicaSet: ReplicaSet, old: ReplicaSet | undefined): readonly FieldError[] {
  const errors = validateMetadata(replicaSet.metadata, old?.metadata);
  const { spec } = replicaSet;
  if (spec === old?.spec) return errors;
  checkNotNegative({ "spec.replicas": spec.replicas, "spec.minReadySeconds": spec.minReadySeconds }, errors);
  if (checkSelector(spec, "deployment", errors) && spec.template !== old?.spec.template) {
    checkTemplate("spec.template", spec.template, "ReplicaSet", errors);
  }
  checkSelectorKept(spec.selector, old?.spec, errors);
  return errors;
}
