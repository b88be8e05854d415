import { deepEqual } from "../deep-equal.ts";
import type { FieldError } from "../errors.ts";
import { forbidden, invalidValue, notSupported } from "../field-errors.ts";
import type { Kind } from "../kind.ts";
import { type LabelSelector, selectorText } from "../label-selector.ts";
import type { Condition, KubeObject } from "../meta.ts";
import { checkAnnotations, checkLabels, validateMetadata } from "../metadata-validation.ts";
import { countedStatus } from "../status-counts.ts";
import { claimSpecWarnings } from "./byte-warnings.ts";
import { AGE, NAME, textColumn } from "./columns.ts";
import { claimSpecDefaults, type PersistentVolumeClaimSpec } from "./persistent-volume-claim.ts";
import { checkNotNegative, checkSelector, type PodTemplate, setTemplateDefaults } from "./pod-template.ts";
import { podWarnings } from "./pod-warnings.ts";
import { CONTAINERS, IMAGES } from "./workload-columns.ts";

/** apps/v1 StatefulSet: pods with names that stay, made and replaced in order. */
export interface StatefulSet extends KubeObject {
  readonly spec: StatefulSetSpec;
  readonly status: StatefulSetStatus;
}

export interface StatefulSetSpec {
  readonly replicas: number;
  readonly selector: LabelSelector;
  readonly template: PodTemplate;
  readonly serviceName?: string;
  readonly podManagementPolicy: "OrderedReady" | "Parallel";
  readonly updateStrategy: {
    readonly type: "RollingUpdate" | "OnDelete";
    readonly rollingUpdate?: { readonly partition?: number };
  };
  readonly revisionHistoryLimit: number;
  readonly minReadySeconds?: number;
  readonly ordinals?: { readonly start?: number };
  readonly volumeClaimTemplates?: readonly ClaimTemplate[];
  readonly persistentVolumeClaimRetentionPolicy?: {
    readonly whenDeleted?: "Retain" | "Delete";
    readonly whenScaled?: "Retain" | "Delete";
  };
}

/** What the claims of each pod are made of. */
export interface ClaimTemplate {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: Partial<KubeObject["metadata"]> & { readonly name: string };
  readonly spec: PersistentVolumeClaimSpec;
  readonly status?: { readonly phase?: string };
}

export interface StatefulSetStatus {
  readonly replicas: number;
  readonly observedGeneration?: number;
  readonly readyReplicas?: number;
  readonly currentReplicas?: number;
  readonly updatedReplicas?: number;
  readonly availableReplicas?: number;
  readonly currentRevision?: string;
  readonly updateRevision?: string;
  readonly collisionCount?: number;
  readonly conditions?: readonly Condition[];
}

export const statefulSets: Kind<StatefulSet> = {
  group: "apps",
  version: "v1",
  kind: "StatefulSet",
  plural: "statefulsets",
  singular: "statefulset",
  shortNames: ["sts"],
  categories: ["all"],
  namespaced: true,
  schema: "io.k8s.api.apps.v1.StatefulSet",
  statusSubresource: true,
  validateStatus: countedStatus({
    counts: [
      "replicas",
      "readyReplicas",
      "currentReplicas",
      "updatedReplicas",
      "availableReplicas",
      "observedGeneration",
      "collisionCount",
    ],
    within: [
      ["readyReplicas", "replicas", "status.replicas"],
      ["currentReplicas", "replicas", "status.replicas"],
      ["updatedReplicas", "replicas", "status.replicas"],
      ["availableReplicas", "replicas", "status.replicas"],
      ["availableReplicas", "readyReplicas", "status.readyReplicas"],
    ],
    growing: ["collisionCount"],
  }),
  columns: [
    NAME,
    textColumn(
      "Ready",
      "Pods that are ready, of all that there should be.",
      ({ spec, status }: StatefulSet) => `${status.readyReplicas ?? 0}/${spec.replicas}`,
    ),
    AGE,
    CONTAINERS,
    IMAGES,
  ],
  selectableFields: {},
  setDefaults: setStatefulSetDefaults,
  prepareForCreate: (set) => ({ ...set, status: NO_STATUS }),
  validate: validateStatefulSet,
  warnings: ({ spec }) => [
    ...podWarnings("spec.template.", spec.template),
    ...(spec.volumeClaimTemplates ?? []).flatMap((claim, index) =>
      claimSpecWarnings(`spec.volumeClaimTemplates[${index}]`, claim.spec),
    ),
  ],
  scale: {
    specReplicasPath: ".spec.replicas",
    statusReplicasPath: ".status.replicas",
    selector: ({ spec }) => selectorText(spec.selector),
  },
};

const NO_STATUS: StatefulSetStatus = Object.freeze({ replicas: 0 });
const POLICIES = ["OrderedReady", "Parallel"];
const RETENTION = ["Retain", "Delete"];
const STRATEGIES = ["RollingUpdate", "OnDelete"];

function setStatefulSetDefaults(set: StatefulSet): StatefulSet {
  const spec = withSpecDefaults(set.spec as Partial<StatefulSetSpec> | undefined);
  if (spec === set.spec && set.status?.replicas !== undefined) return set;
  const status = set.status?.replicas === undefined ? { ...set.status, ...NO_STATUS } : set.status;
  return { ...set, spec, status };
}

function withSpecDefaults(given: Partial<StatefulSetSpec> = {}): StatefulSetSpec {
  const template = setTemplateDefaults(given.template);
  const updateStrategy = withStrategyDefaults(given.updateStrategy);
  const volumeClaimTemplates = given.volumeClaimTemplates?.map(withClaimDefaults);
  const isComplete =
    given.replicas !== undefined &&
    given.podManagementPolicy !== undefined &&
    given.revisionHistoryLimit !== undefined &&
    given.persistentVolumeClaimRetentionPolicy?.whenDeleted !== undefined &&
    given.persistentVolumeClaimRetentionPolicy.whenScaled !== undefined &&
    !volumeClaimTemplates?.some((template, at) => template !== given.volumeClaimTemplates?.[at]) &&
    template === given.template &&
    updateStrategy === given.updateStrategy;
  if (isComplete) return given as StatefulSetSpec;
  const defaults = { replicas: 1, podManagementPolicy: "OrderedReady", revisionHistoryLimit: 10 } as const;
  const persistentVolumeClaimRetentionPolicy = {
    whenDeleted: "Retain",
    whenScaled: "Retain",
    ...given.persistentVolumeClaimRetentionPolicy,
  } as const;
  return {
    ...defaults,
    ...given,
    template,
    updateStrategy,
    persistentVolumeClaimRetentionPolicy,
    ...(volumeClaimTemplates && { volumeClaimTemplates }),
  } as StatefulSetSpec;
}

function withClaimDefaults(template: ClaimTemplate): ClaimTemplate {
  const spec = claimSpecDefaults(template.spec);
  const isTyped = template.apiVersion !== undefined && template.kind !== undefined;
  if (isTyped && spec === template.spec && template.status?.phase !== undefined) return template;
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    ...template,
    spec,
    status: { phase: "Pending", ...template.status },
  };
}

type Strategy = StatefulSetSpec["updateStrategy"];

function withStrategyDefaults(given: Partial<Strategy> | undefined): Strategy {
  const { type = "RollingUpdate", rollingUpdate } = given ?? {};
  if (type !== "RollingUpdate") return given as Strategy;
  if (given?.type !== undefined && rollingUpdate?.partition !== undefined) return given as Strategy;
  return { ...given, type, rollingUpdate: { partition: 0, ...rollingUpdate } };
}

function validateStatefulSet(set: StatefulSet, old: StatefulSet | undefined): readonly FieldError[] {
  const errors = validateMetadata(set.metadata, old?.metadata);
  const { spec } = set;
  if (spec === old?.spec) return errors;
  if (!POLICIES.includes(spec.podManagementPolicy)) {
    const detail = "must be 'OrderedReady' or 'Parallel'";
    errors.push(invalidValue("spec.podManagementPolicy", spec.podManagementPolicy, detail));
  }
  checkStrategy(spec.updateStrategy, errors);
  for (const [policy, what] of Object.entries(spec.persistentVolumeClaimRetentionPolicy ?? {})) {
    if (RETENTION.includes(what)) continue;
    errors.push(notSupported(`spec.persistentVolumeClaimRetentionPolicy.${policy}`, what, RETENTION));
  }
  checkNotNegative(
    {
      "spec.replicas": spec.replicas,
      "spec.minReadySeconds": spec.minReadySeconds,
      "spec.ordinals.start": spec.ordinals?.start,
    },
    errors,
  );
  checkSelector(spec, "statefulset", errors);
  checkOwnTemplate(spec.template, errors);
  checkNotNegative({ "spec.revisionHistoryLimit": spec.revisionHistoryLimit }, errors);
  if (old !== undefined && !deepEqual(withoutChangeable(spec), withoutChangeable(old.spec))) {
    errors.push(forbidden("spec", FIXED));
  }
  return errors;
}

function checkStrategy({ type, rollingUpdate }: Strategy, errors: FieldError[]): void {
  const field = "spec.updateStrategy";
  if (!STRATEGIES.includes(type)) {
    // Kubernetes shows the whole of it, as its own code calls the parts.
    const strategy = { Type: type, RollingUpdate: rollingUpdate ?? null };
    errors.push(invalidValue(field, strategy, "must be 'RollingUpdate' or 'OnDelete'"));
  } else if (type === "OnDelete" && rollingUpdate !== undefined) {
    const parts = { Partition: rollingUpdate.partition ?? 0, MaxUnavailable: null };
    const detail = "only allowed for updateStrategy 'RollingUpdate'";
    errors.push(invalidValue(`${field}.rollingUpdate`, parts, detail));
  } else {
    checkNotNegative({ [`${field}.rollingUpdate.partition`]: rollingUpdate?.partition }, errors);
  }
}

/**
 * Of the pods of a StatefulSet Kubernetes looks at little before they are made: what else is wrong with them is said by
 * events (FailedCreate).
 */
function checkOwnTemplate({ metadata = {}, spec }: PodTemplate, errors: FieldError[]): void {
  const field = "spec.template";
  checkLabels(`${field}.labels`, metadata.labels, errors);
  checkAnnotations(`${field}.annotations`, metadata.annotations, errors);
  const { restartPolicy = "Always", activeDeadlineSeconds } = spec;
  if (restartPolicy !== "Always") {
    errors.push(notSupported(`${field}.spec.restartPolicy`, restartPolicy, ["Always"]));
  }
  if (activeDeadlineSeconds !== undefined) {
    const detail = "activeDeadlineSeconds in StatefulSet is not Supported";
    errors.push(forbidden(`${field}.spec.activeDeadlineSeconds`, detail));
  }
}

const FIXED =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', " +
  "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

const CHANGEABLE = new Set([
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
]);

function withoutChangeable(spec: StatefulSetSpec): object {
  return Object.fromEntries(Object.entries(spec).filter(([field]) => !CHANGEABLE.has(field)));
}
