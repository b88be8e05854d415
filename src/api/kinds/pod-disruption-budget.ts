import { checkConditions } from "../condition-validation.ts";
import type { FieldError } from "../errors.ts";
import { invalidValue, notSupported } from "../field-errors.ts";
import { checkAtMostAll, checkIntOrPercent, type IntOrPercent } from "../int-or-percent.ts";
import type { Kind } from "../kind.ts";
import { checkLabelSelector, type LabelSelector } from "../label-selector.ts";
import type { Condition, KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { pathSegmentFault } from "../names.ts";
import { countFaults } from "../status-counts.ts";
import { AGE, NAME, textColumn } from "./columns.ts";
import { countColumn } from "./workload-columns.ts";

/** policy/v1 PodDisruptionBudget: how many of some pods may be evicted at a time. */
export interface PodDisruptionBudget extends KubeObject {
  readonly spec: {
    readonly selector?: LabelSelector;
    readonly minAvailable?: IntOrPercent;
    readonly maxUnavailable?: IntOrPercent;
    readonly unhealthyPodEvictionPolicy?: string;
  };
  readonly status: PodDisruptionBudgetStatus;
}

export interface PodDisruptionBudgetStatus {
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
  readonly disruptionsAllowed: number;
  readonly expectedPods: number;
  readonly observedGeneration?: number;
  /** Pods whose eviction was allowed and has not been seen yet, and since when. */
  readonly disruptedPods?: Readonly<Record<string, string>>;
  readonly conditions?: readonly Condition[];
}

const POLICIES = ["AlwaysAllow", "IfHealthyBudget"];
const NO_STATUS: PodDisruptionBudgetStatus = Object.freeze({
  currentHealthy: 0,
  desiredHealthy: 0,
  disruptionsAllowed: 0,
  expectedPods: 0,
});

const COUNTS = { counts: ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"] };

export const podDisruptionBudgets: Kind<PodDisruptionBudget> = {
  group: "policy",
  version: "v1",
  kind: "PodDisruptionBudget",
  plural: "poddisruptionbudgets",
  singular: "poddisruptionbudget",
  shortNames: ["pdb"],
  categories: [],
  namespaced: true,
  schema: "io.k8s.api.policy.v1.PodDisruptionBudget",
  statusSubresource: true,
  putNamesVersion: true,
  validateStatus: validateBudgetStatus,
  columns: [
    NAME,
    textColumn("Min Available", "Pods that must stay.", ({ spec }: PodDisruptionBudget) =>
      String(spec.minAvailable ?? "N/A"),
    ),
    textColumn("Max Unavailable", "Pods that may be away.", ({ spec }: PodDisruptionBudget) =>
      String(spec.maxUnavailable ?? "N/A"),
    ),
    countColumn(
      "Allowed Disruptions",
      "Pods that may be evicted now.",
      ({ status }: PodDisruptionBudget) => status.disruptionsAllowed,
    ),
    AGE,
  ],
  selectableFields: {},
  setDefaults: (budget) =>
    budget.spec === undefined || budget.status === undefined
      ? { ...budget, spec: budget.spec ?? {}, status: { ...NO_STATUS, ...budget.status } }
      : budget,
  prepareForCreate: (budget) => ({ ...budget, status: NO_STATUS }),
  validate: validateBudget,
};

/** ValidatePodDisruptionBudgetStatusUpdate. */
function validateBudgetStatus({ status }: PodDisruptionBudget, old: PodDisruptionBudget): FieldError[] {
  const errors: FieldError[] = [];
  if (status.conditions !== old.status.conditions) {
    checkConditions("status.conditions", status.conditions ?? [], errors);
  }
  return [...errors, ...countFaults({ ...status }, { ...old.status }, COUNTS)];
}

function validateBudget(
  budget: PodDisruptionBudget,
  old: PodDisruptionBudget | undefined,
): readonly FieldError[] {
  const errors = validateMetadata(budget.metadata, old?.metadata, { nameFault: pathSegmentFault });
  const { spec } = budget;
  if (spec === old?.spec) return errors;
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy: policy } = spec;
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    errors.push(invalidValue("spec", spec, "minAvailable and maxUnavailable cannot be both set"));
  }
  for (const [field, value] of Object.entries({ minAvailable, maxUnavailable })) {
    checkIntOrPercent(`spec.${field}`, value, errors);
    checkAtMostAll(`spec.${field}`, value, errors);
  }
  if (selector !== undefined) checkLabelSelector("spec.selector", selector, errors);
  if (policy !== undefined && !POLICIES.includes(policy)) {
    errors.push(notSupported("spec.unhealthyPodEvictionPolicy", policy, POLICIES));
  }
  return errors;
}
