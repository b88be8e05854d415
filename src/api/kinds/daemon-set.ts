import type { FieldError } from "../errors.ts";
import { invalidValue, notSupported } from "../field-errors.ts";
import { checkIntOrPercent, type IntOrPercent, isZero } from "../int-or-percent.ts";
import type { Kind } from "../kind.ts";
import type { LabelSelector } from "../label-selector.ts";
import type { Condition, KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { AGE, NAME, NONE, textColumn } from "./columns.ts";
import {
  checkNotNegative,
  checkSelector,
  checkTemplate,
  type PodTemplate,
  setTemplateDefaults,
} from "./pod-template.ts";
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
  const found: FieldError[] = [];
  checkNotNegative(
    {
      "spec.minReadySeconds": spec.minReadySeconds,
      "spec.revisionHistoryLimit": spec.revisionHistoryLimit,
    },
    found,
  );
  checkStrategy(spec.updateStrategy, found);
  checkSelector(spec.selector, spec.template, old?.spec.selector, { errors: found, kind: "daemonset" });
  if (spec.template !== old?.spec.template) checkTemplate(spec.template, ["Always"], found);
  return [...errors, ...found];
}

function checkStrategy({ type, rollingUpdate }: Strategy, errors: FieldError[]): void {
  if (!STRATEGIES.includes(type)) {
    errors.push(notSupported("spec.updateStrategy.type", type, STRATEGIES));
    return;
  }
  const field = "spec.updateStrategy.rollingUpdate";
  checkIntOrPercent(`${field}.maxUnavailable`, rollingUpdate?.maxUnavailable, errors, 100);
  checkIntOrPercent(`${field}.maxSurge`, rollingUpdate?.maxSurge, errors, 100);
  if (type !== "RollingUpdate") return;
  const surges = !isZero(rollingUpdate?.maxSurge);
  if (surges && !isZero(rollingUpdate?.maxUnavailable)) {
    const detail = "may not be set when maxUnavailable is non-zero";
    errors.push(invalidValue(`${field}.maxSurge`, rollingUpdate?.maxSurge, detail));
  }
  if (!surges && isZero(rollingUpdate?.maxUnavailable)) {
    const detail = "cannot be 0 when maxSurge is 0";
    errors.push(invalidValue(`${field}.maxUnavailable`, rollingUpdate?.maxUnavailable, detail));
  }
}
