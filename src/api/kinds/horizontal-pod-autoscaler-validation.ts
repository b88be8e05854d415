import type { FieldError } from "../errors.ts";
import { invalidValue, notSupported, requiredValue } from "../field-errors.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { parseQuantity } from "../quantity.ts";
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
  if (!target?.kind) errors.push(requiredValue("spec.scaleTargetRef.kind"));
  if (!target?.name) errors.push(requiredValue("spec.scaleTargetRef.name"));
  for (const [index, metric] of metrics.entries()) checkMetric(`spec.metrics[${index}]`, metric, errors);
  checkRules("spec.behavior.scaleUp", behavior.scaleUp, errors);
  checkRules("spec.behavior.scaleDown", behavior.scaleDown, errors);
  return errors;
}

function checkMetric(field: string, metric: MetricSpec, errors: FieldError[]): void {
  if (!metric.type) {
    errors.push(requiredValue(`${field}.type`, "must specify a metric source type"));
    return;
  }
  const source = Object.hasOwn(FIELD_OF_TYPE, metric.type) ? FIELD_OF_TYPE[metric.type] : undefined;
  if (source === undefined) {
    errors.push(notSupported(`${field}.type`, metric.type, Object.keys(FIELD_OF_TYPE)));
    return;
  }
  if (metric[source] === undefined) {
    errors.push(requiredValue(`${field}.${source}`, "must populate information for the given metric source"));
    return;
  }
  const resource = metric.resource ?? metric.containerResource;
  if (resource === undefined) return;
  const at = `${field}.${source}`;
  if (!resource.name) errors.push(requiredValue(`${at}.name`, "must specify a resource name"));
  if (metric.containerResource !== undefined && !metric.containerResource.container) {
    errors.push(requiredValue(`${at}.container`, "must specify a container name"));
  }
  checkTarget(`${at}.target`, resource.target, errors);
}

function checkTarget(field: string, target: MetricTarget | undefined, errors: FieldError[]): void {
  if (!target?.type) errors.push(requiredValue(`${field}.type`, "must specify a metric target type"));
  else if (!["Utilization", "Value", "AverageValue"].includes(target.type)) {
    const detail = "must be either Utilization, Value, or AverageValue";
    errors.push(invalidValue(`${field}.type`, target.type, detail));
  }
  const { averageUtilization, averageValue } = target ?? {};
  if (averageUtilization === undefined && averageValue === undefined) {
    const detail = "must set either a target raw value or a target utilization";
    errors.push(requiredValue(`${field}.averageUtilization`, detail));
  }
  if (averageUtilization !== undefined && averageValue !== undefined) {
    const detail = "may not set both a target raw value and a target utilization";
    errors.push({ type: "Forbidden", field: `${field}.averageValue`, message: `Forbidden: ${detail}` });
  }
  if (averageUtilization !== undefined && averageUtilization < 1) {
    errors.push(invalidValue(`${field}.averageUtilization`, averageUtilization, POSITIVE));
  }
  if (averageValue !== undefined && (parseQuantity(averageValue) ?? 0) <= 0) {
    errors.push(invalidValue(`${field}.averageValue`, averageValue, "must be positive"));
  }
}

function checkRules(field: string, rules: ScalingRules | undefined, errors: FieldError[]): void {
  if (rules === undefined) return;
  const { stabilizationWindowSeconds: window = 0, selectPolicy: select = "Max", policies = [] } = rules;
  if (window < 0 || window > WINDOW_SECONDS_MAX) {
    const detail = `must be between 0 and ${WINDOW_SECONDS_MAX} seconds`;
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
