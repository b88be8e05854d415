import type { OtherVersion } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import type {
  AutoscalerSpec,
  AutoscalerStatus,
  HorizontalPodAutoscaler,
  MetricSpec,
} from "./horizontal-pod-autoscaler.ts";

/** autoscaling/v1 HorizontalPodAutoscaler: knows the utilization of cpu; the rest stands in annotations. */
interface AutoscalerV1 extends KubeObject {
  readonly spec: Omit<AutoscalerSpec, "metrics" | "behavior"> & {
    readonly targetCPUUtilizationPercentage?: number;
  };
  readonly status: Omit<AutoscalerStatus, "currentMetrics" | "conditions"> & {
    readonly currentCPUUtilizationPercentage?: number;
  };
}

const ANNOTATION = {
  metrics: "autoscaling.alpha.kubernetes.io/metrics",
  behavior: "autoscaling.alpha.kubernetes.io/behavior",
  currentMetrics: "autoscaling.alpha.kubernetes.io/current-metrics",
  conditions: "autoscaling.alpha.kubernetes.io/conditions",
} as const;

/** How autoscaling/v1 shows and takes autoscalers (pkg/apis/autoscaling/v1/conversion.go). */
export const horizontalPodAutoscalersV1: OtherVersion<HorizontalPodAutoscaler> = {
  version: "v1",
  schema: "io.k8s.api.autoscaling.v1.HorizontalPodAutoscaler",
  show,
  take: (object) => take(object as AutoscalerV1),
};

function isCpu({ type, resource }: MetricSpec): boolean {
  return type === "Resource" && resource?.name === "cpu" && resource.target?.averageUtilization !== undefined;
}

function show({ metadata, spec, status }: HorizontalPodAutoscaler): AutoscalerV1 {
  const { metrics = [], behavior, ...rest } = spec;
  const { currentMetrics, conditions = [], ...counts } = status;
  const cpu = metrics.find(isCpu);
  const others = metrics.filter((metric) => metric !== cpu);
  const current = currentMetrics?.find(({ resource }) => resource?.name === "cpu")?.resource?.current;
  const told = {
    ...(others.length > 0 && { [ANNOTATION.metrics]: others }),
    ...(behavior && { [ANNOTATION.behavior]: behavior }),
    ...((currentMetrics ?? []).length > 0 && { [ANNOTATION.currentMetrics]: currentMetrics }),
    ...(conditions.length > 0 && { [ANNOTATION.conditions]: conditions }),
  };
  const texts = Object.entries(told).map(([name, value]) => [name, JSON.stringify(value)]);
  const target = cpu?.resource?.target.averageUtilization;
  const used = current?.averageUtilization;
  return {
    apiVersion: "autoscaling/v1",
    kind: "HorizontalPodAutoscaler",
    metadata:
      texts.length === 0
        ? metadata
        : { ...metadata, annotations: { ...metadata.annotations, ...Object.fromEntries(texts) } },
    spec: { ...rest, ...(target !== undefined && { targetCPUUtilizationPercentage: target }) },
    status: { ...counts, ...(used !== undefined && { currentCPUUtilizationPercentage: used }) },
  };
}

function take({ metadata, spec, status }: AutoscalerV1): HorizontalPodAutoscaler {
  const { targetCPUUtilizationPercentage: averageUtilization, ...rest } = spec ?? {};
  const { currentCPUUtilizationPercentage: _used, ...counts } = status ?? {};
  const annotations: Record<string, string> = { ...metadata.annotations };
  const told = (name: keyof typeof ANNOTATION): unknown => {
    const text = annotations[ANNOTATION[name]];
    delete annotations[ANNOTATION[name]];
    return text === undefined ? undefined : parsed(text);
  };
  const others = told("metrics");
  const behavior = told("behavior");
  const currentMetrics = told("currentMetrics");
  const conditions = told("conditions");
  const cpu: MetricSpec[] =
    averageUtilization === undefined
      ? []
      : [
          {
            type: "Resource",
            resource: { name: "cpu", target: { type: "Utilization", averageUtilization } },
          },
        ];
  const metrics = [...(Array.isArray(others) ? (others as MetricSpec[]) : []), ...cpu];
  const { annotations: _all, ...plain } = metadata;
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: Object.keys(annotations).length === 0 ? plain : { ...plain, annotations },
    spec: {
      ...(rest as AutoscalerV1["spec"]),
      ...(metrics.length > 0 && { metrics }),
      ...(isObject(behavior) && { behavior }),
    },
    status: {
      ...counts,
      ...(Array.isArray(currentMetrics) && { currentMetrics }),
      ...(Array.isArray(conditions) && { conditions }),
    },
  };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
