import type { FieldError } from "../errors.ts";
import { forbidden, invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { pathSegmentFault } from "../names.ts";
import { canonicalQuantity, parseQuantity } from "../quantity.ts";
import type {
  HorizontalPodAutoscaler,
  MetricSpec,
  MetricTarget,
  ScalingRules,
} from "./horizontal-pod-autoscaler.ts";

const POSITIVE = "must be greater than 0";
const PERIOD_SECONDS_MAX = 1_800;
const WINDOW_SECONDS_MAX = 3_600;
/** The field of a metric by its type. */
const FIELD_OF_TYPE: Readonly<Record<string, keyof MetricSpec>> = {
  ContainerResource: "containerResource",
  External: "external",
  Object: "object",
  Pods: "pods",
  Resource: "resource",
};

/** pkg/apis/autoscaling/validation. */
export function validateAutoscaler(
  autoscaler: HorizontalPodAutoscaler,
  old: HorizontalPodAutoscaler | undefined,
): readonly FieldError[] {
  const errors = validateMetadata(autoscaler.metadata, old?.metadata);
  const { spec } = autoscaler;
  if (spec === old?.spec) return errors;
  const { minReplicas = 1, maxReplicas = 0, scaleTargetRef: target, metrics = [], behavior = {} } = spec;
  if (minReplicas < 1) {
    errors.push(invalidValue("spec.minReplicas", minReplicas, "must be greater than or equal to 1"));
  }
  if (maxReplicas < 1) errors.push(invalidValue("spec.maxReplicas", maxReplicas, POSITIVE));
  if (maxReplicas < minReplicas) {
    const detail = "must be greater than or equal to `minReplicas`";
    errors.push(invalidValue("spec.maxReplicas", maxReplicas, detail));
  }
  checkReference("spec.scaleTargetRef", target, errors);
  for (const [index, metric] of metrics.entries()) checkMetric(`spec.metrics[${index}]`, metric, errors);
  checkRules("spec.behavior.scaleUp", behavior.scaleUp, errors);
  checkRules("spec.behavior.scaleDown", behavior.scaleDown, errors);
  return errors;
}

/** validateMetricSpec: what is said by the first of the sources is looked at, and there must be no other. */
function checkMetric(field: string, metric: MetricSpec, errors: FieldError[]): void {
  const { type = "" } = metric;
  if (type === "") errors.push(requiredValue(`${field}.type`, "must specify a metric source type"));
  const types = Object.keys(FIELD_OF_TYPE);
  const expected = types.includes(type) ? FIELD_OF_TYPE[type] : undefined;
  if (expected === undefined) errors.push(notSupported(`${field}.type`, type, types));
  const given = SOURCES.filter((source) => metric[source] !== undefined);
  if (given[0] !== undefined) checkSource(`${field}.${given[0]}`, given[0], metric, errors);
  if (expected !== undefined && metric[expected] === undefined) {
    const detail = "must populate information for the given metric source";
    errors.push(requiredValue(`${field}.${expected}`, detail));
  }
  if (given.length === 1) return;
  for (const source of given) {
    if (source === expected) continue;
    errors.push(forbidden(`${field}.${source}`, "must populate the given metric source only"));
  }
}

/** In the order in which Kubernetes looks at them. */
const SOURCES = ["object", "external", "pods", "resource", "containerResource"] as const;

function checkSource(
  field: string,
  source: (typeof SOURCES)[number],
  metric: MetricSpec,
  errors: FieldError[],
): void {
  if (source === "resource" || source === "containerResource") {
    checkResource(field, metric[source] as Partial<ContainerMetric>, source === "containerResource", errors);
    return;
  }
  const given = metric[source] as NamedMetric;
  if (source === "object") checkReference(`${field}.describedObject`, given.describedObject, errors);
  const { name } = given.metric ?? {};
  const fault = name ? pathSegmentFault(name) : undefined;
  if (!name) errors.push(requiredValue(`${field}.metric.name`, "must specify a metric name"));
  else if (fault !== undefined) errors.push(invalidValue(`${field}.metric.name`, name, fault));
  checkTarget(`${field}.target`, given.target, errors);
  checkNamedTarget(`${field}.target`, source, given.target ?? {}, errors);
}

/** What the target of a metric by name must give. */
function checkNamedTarget(
  field: string,
  source: "object" | "external" | "pods",
  { value, averageValue }: Partial<MetricTarget>,
  errors: FieldError[],
): void {
  if (source === "pods") {
    if (averageValue !== undefined && (parseQuantity(averageValue) ?? 0) > 0) return;
    errors.push(requiredValue(`${field}.averageValue`, "must specify a positive target averageValue"));
  } else if (value === undefined && averageValue === undefined) {
    const detail =
      source === "object"
        ? "must set either a target value or averageValue"
        : "must set either a target value for metric or a per-pod target";
    errors.push(requiredValue(`${field}.averageValue`, detail));
  } else if (source === "external" && value !== undefined && averageValue !== undefined) {
    const detail = "may not set both a target value for metric and a per-pod target";
    errors.push(forbidden(`${field}.value`, detail));
  }
}

interface ContainerMetric {
  readonly name: string;
  readonly container: string;
  readonly target: MetricTarget;
}

interface NamedMetric {
  readonly describedObject?: Reference;
  readonly metric?: { readonly name?: string };
  readonly target?: MetricTarget;
}

interface Reference {
  readonly kind?: string;
  readonly name?: string;
}

/** ValidateCrossVersionObjectReference. */
function checkReference(field: string, reference: Reference | undefined, errors: FieldError[]): void {
  for (const part of ["kind", "name"] as const) {
    const text = reference?.[part];
    const fault = text ? pathSegmentFault(text) : undefined;
    if (!text) errors.push(requiredValue(`${field}.${part}`));
    else if (fault !== undefined) errors.push(invalidValue(`${field}.${part}`, text, fault));
  }
}

function checkResource(
  field: string,
  { name, container, target }: Partial<ContainerMetric>,
  isOfContainer: boolean,
  errors: FieldError[],
): void {
  if (!name) errors.push(requiredValue(`${field}.name`, "must specify a resource name"));
  if (isOfContainer && !container) {
    errors.push(requiredValue(`${field}.container`, "must specify a container name"));
  }
  checkTarget(`${field}.target`, target, errors);
  const { averageUtilization, averageValue } = target ?? {};
  if (averageUtilization === undefined && averageValue === undefined) {
    const detail = "must set either a target raw value or a target utilization";
    errors.push(requiredValue(`${field}.target.averageUtilization`, detail));
  }
  if (averageUtilization !== undefined && averageValue !== undefined) {
    const detail = "may not set both a target raw value and a target utilization";
    errors.push(forbidden(`${field}.target.averageValue`, detail));
  }
}

/** validateMetricTarget. */
function checkTarget(field: string, target: MetricTarget | undefined, errors: FieldError[]): void {
  const { type = "", averageUtilization, value, averageValue } = target ?? {};
  if (type === "") errors.push(requiredValue(`${field}.type`, "must specify a metric target type"));
  if (!["Utilization", "Value", "AverageValue"].includes(type)) {
    const detail = "must be either Utilization, Value, or AverageValue";
    errors.push(invalidValue(`${field}.type`, type, detail));
  }
  if (averageUtilization !== undefined && averageUtilization < 1) {
    errors.push(invalidValue(`${field}.averageUtilization`, averageUtilization, POSITIVE));
  }
  for (const [part, text] of Object.entries({ value, averageValue })) {
    if (text === undefined || (parseQuantity(text) ?? 0) > 0) continue;
    errors.push(invalidValue(`${field}.${part}`, canonicalQuantity(text), "must be positive"));
  }
}

function checkRules(field: string, rules: ScalingRules | undefined, errors: FieldError[]): void {
  if (rules === undefined) return;
  const { stabilizationWindowSeconds: window = 0, selectPolicy: select = "Max", policies = [] } = rules;
  if (window < 0) {
    const detail = "must be greater than or equal to zero";
    errors.push(invalidValue(`${field}.stabilizationWindowSeconds`, window, detail));
  }
  if (window > WINDOW_SECONDS_MAX) {
    const detail = `must be less than or equal to ${WINDOW_SECONDS_MAX}`;
    errors.push(invalidValue(`${field}.stabilizationWindowSeconds`, window, detail));
  }
  const selects = ["Disabled", "Max", "Min"];
  if (!selects.includes(select)) errors.push(notSupported(`${field}.selectPolicy`, select, selects));
  if (policies.length === 0)
    errors.push(requiredValue(`${field}.policies`, "must specify at least one Policy"));
  for (const [index, { type, value, periodSeconds }] of policies.entries()) {
    const at = `${field}.policies[${index}]`;
    if (type !== "Pods" && type !== "Percent")
      errors.push(notSupported(`${at}.type`, type, ["Percent", "Pods"]));
    if (!(value > 0)) errors.push(invalidValue(`${at}.value`, value, "must be greater than zero"));
    if (!(periodSeconds > 0)) {
      errors.push(invalidValue(`${at}.periodSeconds`, periodSeconds, "must be greater than zero"));
    } else if (periodSeconds > PERIOD_SECONDS_MAX) {
      const detail = `must be less than or equal to ${PERIOD_SECONDS_MAX}`;
      errors.push(invalidValue(`${at}.periodSeconds`, periodSeconds, detail));
    }
  }
}
