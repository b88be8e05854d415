import type { FieldError } from "../errors.ts";
import { invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import { checkAtMostAll, checkIntOrPercent, type IntOrPercent, isZero } from "../int-or-percent.ts";
import type { Kind } from "../kind.ts";
import { checkLabelSelector, isEmptySelector, type LabelSelector, selects } from "../label-selector.ts";
import type { Condition, KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { countedStatus } from "../status-counts.ts";
import { AGE, NAME, NONE, textColumn } from "./columns.ts";
import {
  checkNotNegative,
  checkSelectorKept,
  checkTemplate,
  notSelected,
  type PodTemplate,
  type Selecting,
  setTemplateDefaults,
} from "./pod-template.ts";
import { podWarnings } from "./pod-warnings.ts";
import { CONTAINERS, countColumn, IMAGES, SELECTOR } from "./workload-columns.ts";

/** apps/v1 DaemonSet: one pod on every node that can have it. */
export interface DaemonSet extends KubeObject {
  readonly spec: DaemonSetSpec;
  readonly status: DaemonSetStatus;
}

export interface DaemonSetSpec {
  readonly selector: LabelSelector;
  readonly template: PodTemplate;
  readonly updateStrategy: {
    readonly type: "RollingUpdate" | "OnDelete";
    readonly rollingUpdate?: { readonly maxUnavailable?: IntOrPercent; readonly maxSurge?: IntOrPercent };
  };
  readonly minReadySeconds?: number;
  readonly revisionHistoryLimit: number;
}

export interface DaemonSetStatus {
  readonly currentNumberScheduled: number;
  readonly numberMisscheduled: number;
  readonly desiredNumberScheduled: number;
  readonly numberReady: number;
  readonly observedGeneration?: number;
  readonly updatedNumberScheduled?: number;
  readonly numberAvailable?: number;
  readonly numberUnavailable?: number;
  readonly conditions?: readonly Condition[];
}

const count = (name: string, description: string, field: keyof DaemonSetStatus) =>
  countColumn<DaemonSet>(name, description, ({ status }) => status[field] as number | undefined);

export const daemonSets: Kind<DaemonSet> = {
  group: "apps",
  version: "v1",
  kind: "DaemonSet",
  plural: "daemonsets",
  singular: "daemonset",
  shortNames: ["ds"],
  categories: ["all"],
  namespaced: true,
  schema: "io.k8s.api.apps.v1.DaemonSet",
  statusSubresource: true,
  validateStatus: countedStatus({
    counts: [
      "currentNumberScheduled",
      "numberMisscheduled",
      "desiredNumberScheduled",
      "numberReady",
      "observedGeneration",
      "updatedNumberScheduled",
      "numberAvailable",
      "numberUnavailable",
      "collisionCount",
    ],
    growing: ["collisionCount"],
  }),
  columns: [
    NAME,
    count("Desired", "Nodes that should have a pod.", "desiredNumberScheduled"),
    count("Current", "Nodes that have one of those.", "currentNumberScheduled"),
    count("Ready", "Nodes with one that is ready.", "numberReady"),
    count("Up-to-date", "Nodes with one of the newest template.", "updatedNumberScheduled"),
    count("Available", "Nodes with one that can serve.", "numberAvailable"),
    textColumn("Node Selector", "Labels of the nodes.", ({ spec }: DaemonSet) => nodeSelectorText(spec)),
    AGE,
    CONTAINERS,
    IMAGES,
    SELECTOR,
  ],
  selectableFields: {},
  setDefaults: setDaemonSetDefaults,
  prepareForCreate: (set) => ({ ...set, status: NO_STATUS }),
  validate: validateDaemonSet,
  warnings: ({ spec }) => podWarnings("spec.template.", spec.template),
};

const NO_STATUS: DaemonSetStatus = Object.freeze({
  currentNumberScheduled: 0,
  numberMisscheduled: 0,
  desiredNumberScheduled: 0,
  numberReady: 0,
});
const STRATEGIES = ["RollingUpdate", "OnDelete"];

function nodeSelectorText({ template }: DaemonSetSpec): string {
  const labels = Object.entries(template.spec.nodeSelector ?? {});
  return labels.map(([key, value]) => `${key}=${value}`).join(",") || NONE;
}

function setDaemonSetDefaults(set: DaemonSet): DaemonSet {
  const given = set.spec as Partial<DaemonSetSpec> | undefined;
  const template = setTemplateDefaults(given?.template);
  const updateStrategy = withStrategyDefaults(given?.updateStrategy);
  const isComplete =
    given?.revisionHistoryLimit !== undefined &&
    template === given.template &&
    updateStrategy === given.updateStrategy;
  const hasStatus = Object.keys(NO_STATUS).every((field) => Object.hasOwn(set.status ?? {}, field));
  if (isComplete && hasStatus) return set;
  const spec = { revisionHistoryLimit: 10, ...given, template, updateStrategy } as DaemonSetSpec;
  return {
    ...set,
    spec: isComplete ? set.spec : spec,
    status: hasStatus ? set.status : { ...NO_STATUS, ...set.status },
  };
}

type Strategy = DaemonSetSpec["updateStrategy"];

function withStrategyDefaults(given: Partial<Strategy> | undefined): Strategy {
  const { type = "RollingUpdate", rollingUpdate } = given ?? {};
  if (type !== "RollingUpdate") return given as Strategy;
  const isComplete = rollingUpdate?.maxUnavailable !== undefined && rollingUpdate.maxSurge !== undefined;
  if (given?.type !== undefined && isComplete) return given as Strategy;
  return { ...given, type, rollingUpdate: { maxUnavailable: 1, maxSurge: 0, ...rollingUpdate } };
}

function validateDaemonSet(set: DaemonSet, old: DaemonSet | undefined): readonly FieldError[] {
  const errors = validateMetadata(set.metadata, old?.metadata);
  const { spec } = set;
  if (spec === old?.spec) return errors;
  checkOwnSelector(spec, errors);
  if (spec.template !== old?.spec.template) {
    checkTemplate("spec.template", spec.template, "DaemonSet", errors);
  }
  checkNotNegative({ "spec.minReadySeconds": spec.minReadySeconds }, errors);
  checkStrategy(spec.updateStrategy, errors);
  checkNotNegative({ "spec.revisionHistoryLimit": spec.revisionHistoryLimit }, errors);
  checkSelectorKept(spec.selector, old?.spec, errors);
  return errors;
}

/** Nobody asks a DaemonSet for its selector: its labels are not selected by nothing. */
function checkOwnSelector({ selector, template }: Selecting, errors: FieldError[]): void {
  const { length } = errors;
  if (selector !== undefined) checkLabelSelector("spec.selector", selector, errors);
  const isSelected = selector !== undefined && selects(selector, template.metadata?.labels);
  if (errors.length === length && !isSelected) errors.push(notSelected(template));
  if (selector !== undefined && isEmptySelector(selector)) {
    errors.push(invalidValue("spec.selector", selector, "empty selector is invalid for daemonset"));
  }
}

function checkStrategy({ type, rollingUpdate }: Strategy, errors: FieldError[]): void {
  if (!STRATEGIES.includes(type)) {
    // Kubernetes shows the whole of it, as its own code calls the parts.
    const strategy = { Type: type, RollingUpdate: rollingUpdate ?? null };
    errors.push(notSupported("spec.updateStrategy", strategy, STRATEGIES));
    return;
  }
  if (type !== "RollingUpdate") return;
  const field = "spec.updateStrategy.rollingUpdate";
  const { maxUnavailable, maxSurge } = rollingUpdate ?? {};
  checkIntOrPercent(`${field}.maxUnavailable`, maxUnavailable, errors);
  checkIntOrPercent(`${field}.maxSurge`, maxSurge, errors);
  checkAtMostAll(`${field}.maxUnavailable`, maxUnavailable, errors);
  checkAtMostAll(`${field}.maxSurge`, maxSurge, errors);
  const surges = !isZero(maxSurge);
  if (surges && !isZero(maxUnavailable)) {
    const detail = "may not be set when maxUnavailable is non-zero";
    errors.push(invalidValue(`${field}.maxSurge`, maxSurge, detail));
  }
  if (!surges && isZero(maxUnavailable)) {
    errors.push(requiredValue(`${field}.maxUnavailable`, "cannot be 0 when maxSurge is 0"));
  }
}
