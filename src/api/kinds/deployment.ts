import type { FieldError } from "../errors.ts";
import { forbidden, invalidValue, notSupported } from "../field-errors.ts";
import { checkAtMostAll, checkIntOrPercent, type IntOrPercent, isZero } from "../int-or-percent.ts";
import type { Kind } from "../kind.ts";
import { type LabelSelector, selectorText } from "../label-selector.ts";
import type { Condition, KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { countedStatus } from "../status-counts.ts";
import { AGE, NAME, textColumn } from "./columns.ts";
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

/** apps/v1 Deployment: replaces the pods of one template by those of the next, a few at a time. */
export interface Deployment extends KubeObject {
  readonly spec: DeploymentSpec;
  readonly status: DeploymentStatus;
}

export interface DeploymentSpec {
  readonly replicas: number;
  readonly selector: LabelSelector;
  readonly template: PodTemplate;
  readonly strategy: DeploymentStrategy;
  readonly minReadySeconds?: number;
  readonly revisionHistoryLimit: number;
  readonly paused?: boolean;
  readonly progressDeadlineSeconds: number;
}

export interface DeploymentStrategy {
  readonly type: "RollingUpdate" | "Recreate";
  readonly rollingUpdate?: { readonly maxSurge: IntOrPercent; readonly maxUnavailable: IntOrPercent };
}

export interface DeploymentCondition extends Condition {
  readonly lastUpdateTime?: string;
}

export interface DeploymentStatus {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly unavailableReplicas?: number;
  readonly collisionCount?: number;
  readonly conditions?: readonly DeploymentCondition[];
}

export const deployments: Kind<Deployment> = {
  group: "apps",
  version: "v1",
  kind: "Deployment",
  plural: "deployments",
  singular: "deployment",
  shortNames: ["deploy"],
  categories: ["all"],
  namespaced: true,
  schema: "io.k8s.api.apps.v1.Deployment",
  statusSubresource: true,
  keptByStatus: ["labels"],
  validateStatus: countedStatus({
    counts: [
      "observedGeneration",
      "replicas",
      "updatedReplicas",
      "readyReplicas",
      "availableReplicas",
      "unavailableReplicas",
      "terminatingReplicas",
      "collisionCount",
    ],
    within: [
      ["updatedReplicas", "replicas", "status.replicas"],
      ["readyReplicas", "replicas", "status.replicas"],
      ["availableReplicas", "replicas", "status.replicas"],
      ["availableReplicas", "readyReplicas", "readyReplicas"],
    ],
    growing: ["collisionCount"],
  }),
  columns: [
    NAME,
    textColumn(
      "Ready",
      "Pods that are ready, of all that there should be.",
      ({ spec, status }: Deployment) => `${status.readyReplicas ?? 0}/${spec.replicas}`,
    ),
    countColumn(
      "Up-to-date",
      "Pods of the newest template.",
      ({ status }: Deployment) => status.updatedReplicas,
    ),
    countColumn("Available", "Pods that can serve.", ({ status }: Deployment) => status.availableReplicas),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
  ],
  selectableFields: {},
  setDefaults: setDeploymentDefaults,
  prepareForCreate: (deployment) => ({ ...deployment, status: NO_STATUS }),
  validate: validateDeployment,
  warnings: workloadWarnings,
  scale: {
    specReplicasPath: ".spec.replicas",
    statusReplicasPath: ".status.replicas",
    selector: ({ spec }) => selectorText(spec.selector),
  },
};

const NO_STATUS: DeploymentStatus = Object.freeze({});
const ROLLING_UPDATE = Object.freeze({ maxSurge: "25%", maxUnavailable: "25%" });

function setDeploymentDefaults(deployment: Deployment): Deployment {
  const spec = withSpecDefaults(deployment.spec as Partial<DeploymentSpec> | undefined);
  if (spec === deployment.spec && deployment.status !== undefined) return deployment;
  return { ...deployment, spec, status: deployment.status ?? NO_STATUS };
}

function withSpecDefaults(given: Partial<DeploymentSpec> = {}): DeploymentSpec {
  const template = setTemplateDefaults(given.template);
  const strategy = withStrategyDefaults(given.strategy);
  const isComplete =
    given.replicas !== undefined &&
    given.revisionHistoryLimit !== undefined &&
    given.progressDeadlineSeconds !== undefined &&
    template === given.template &&
    strategy === given.strategy;
  if (isComplete) return given as DeploymentSpec;
  const defaults = { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 };
  return { ...defaults, ...given, template, strategy } as DeploymentSpec;
}

function withStrategyDefaults(given: Partial<DeploymentStrategy> | undefined): DeploymentStrategy {
  const { type = "RollingUpdate", rollingUpdate } = given ?? {};
  if (type !== "RollingUpdate") return given as DeploymentStrategy;
  const isComplete =
    given?.type !== undefined &&
    rollingUpdate?.maxSurge !== undefined &&
    rollingUpdate.maxUnavailable !== undefined;
  if (isComplete) return given as DeploymentStrategy;
  return { ...given, type, rollingUpdate: { ...ROLLING_UPDATE, ...rollingUpdate } };
}

function validateDeployment(deployment: Deployment, old: Deployment | undefined): readonly FieldError[] {
  const errors = validateMetadata(deployment.metadata, old?.metadata);
  const { spec } = deployment;
  if (spec === old?.spec) return errors;
  checkNotNegative({ "spec.replicas": spec.replicas }, errors);
  if (checkSelector(spec, "deployment", errors) && spec.template !== old?.spec.template) {
    checkTemplate("spec.template", spec.template, "ReplicaSet", errors);
  }
  checkStrategy(spec.strategy, errors);
  checkNotNegative(
    {
      "spec.minReadySeconds": spec.minReadySeconds,
      "spec.revisionHistoryLimit": spec.revisionHistoryLimit,
      "spec.progressDeadlineSeconds": spec.progressDeadlineSeconds,
    },
    errors,
  );
  if (spec.progressDeadlineSeconds <= (spec.minReadySeconds ?? 0)) {
    const detail = "must be greater than minReadySeconds";
    errors.push(invalidValue("spec.progressDeadlineSeconds", spec.progressDeadlineSeconds, detail));
  }
  checkSelectorKept(spec.selector, old?.spec, errors);
  return errors;
}

function checkStrategy({ type, rollingUpdate }: DeploymentStrategy, errors: FieldError[]): void {
  const field = "spec.strategy.rollingUpdate";
  if (type !== "RollingUpdate" && type !== "Recreate") {
    // Kubernetes shows the whole of it, as its own code calls the parts.
    const strategy = { Type: type, RollingUpdate: rollingUpdate ?? null };
    errors.push(notSupported("spec.strategy", strategy, ["Recreate", "RollingUpdate"]));
  } else if (type === "Recreate") {
    const detail = "may not be specified when strategy `type` is 'Recreate'";
    if (rollingUpdate !== undefined) errors.push(forbidden(field, detail));
  } else {
    checkIntOrPercent(`${field}.maxUnavailable`, rollingUpdate?.maxUnavailable, errors);
    checkIntOrPercent(`${field}.maxSurge`, rollingUpdate?.maxSurge, errors);
    if (isZero(rollingUpdate?.maxUnavailable) && isZero(rollingUpdate?.maxSurge)) {
      const detail = "may not be 0 when `maxSurge` is 0";
      errors.push(invalidValue(`${field}.maxUnavailable`, rollingUpdate?.maxUnavailable, detail));
    }
    checkAtMostAll(`${field}.maxUnavailable`, rollingUpdate?.maxUnavailable, errors);
  }
}
