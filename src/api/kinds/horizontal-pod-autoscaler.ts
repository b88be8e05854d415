import type { Kind } from "../kind.ts";
import type { Condition, KubeObject } from "../meta.ts";
import { countedStatus } from "../status-counts.ts";
import { AGE, NAME, textColumn } from "./columns.ts";
import { setAutoscalerDefaults } from "./horizontal-pod-autoscaler-defaults.ts";
import { targetsText } from "./horizontal-pod-autoscaler-targets.ts";
import { horizontalPodAutoscalersV1 } from "./horizontal-pod-autoscaler-v1.ts";
import { validateAutoscaler } from "./horizontal-pod-autoscaler-validation.ts";
import { countColumn } from "./workload-columns.ts";

/** autoscaling/v2 HorizontalPodAutoscaler. */
export interface HorizontalPodAutoscaler extends KubeObject {
  readonly spec: AutoscalerSpec;
  readonly status: AutoscalerStatus;
}

export interface AutoscalerSpec {
  readonly scaleTargetRef: { readonly apiVersion?: string; readonly kind: string; readonly name: string };
  readonly minReplicas?: number;
  readonly maxReplicas: number;
  readonly metrics?: readonly MetricSpec[];
  readonly behavior?: { readonly scaleUp?: ScalingRules; readonly scaleDown?: ScalingRules };
}

export interface ScalingRules {
  readonly stabilizationWindowSeconds?: number;
  readonly selectPolicy?: string;
  readonly tolerance?: string;
  readonly policies?: readonly ScalingPolicy[];
}

export interface ScalingPolicy {
  readonly type: string;
  readonly value: number;
  readonly periodSeconds: number;
}

/** One metric; `type` says which of the others is set. Those of pods, objects and outside are not measured here. */
export interface MetricSpec {
  readonly type: string;
  readonly resource?: ResourceMetric;
  readonly containerResource?: ResourceMetric & { readonly container: string };
  readonly pods?: object;
  readonly object?: object;
  readonly external?: object;
}

export interface ResourceMetric {
  readonly name: string;
  readonly target: MetricTarget;
}

export interface MetricTarget {
  readonly type: string;
  readonly averageUtilization?: number;
  readonly averageValue?: string;
  readonly value?: string;
}

export interface MetricStatus {
  readonly type: string;
  readonly resource?: CurrentResource;
  readonly containerResource?: CurrentResource & { readonly container: string };
}

export interface CurrentResource {
  readonly name: string;
  readonly current: { readonly averageUtilization?: number; readonly averageValue?: string };
}

export interface AutoscalerStatus {
  readonly observedGeneration?: number;
  readonly lastScaleTime?: string;
  readonly currentReplicas?: number;
  readonly desiredReplicas?: number;
  readonly currentMetrics?: readonly MetricStatus[] | null;
  readonly conditions?: readonly Condition[];
}

type Autoscaler = HorizontalPodAutoscaler;

export const horizontalPodAutoscalers: Kind<HorizontalPodAutoscaler> = {
  group: "autoscaling",
  version: "v2",
  kind: "HorizontalPodAutoscaler",
  plural: "horizontalpodautoscalers",
  singular: "horizontalpodautoscaler",
  shortNames: ["hpa"],
  categories: ["all"],
  namespaced: true,
  otherVersions: [horizontalPodAutoscalersV1],
  schema: "io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler",
  statusSubresource: true,
  validateStatus: countedStatus({ counts: ["currentReplicas", "desiredReplicas"] }),
  columns: [
    NAME,
    textColumn(
      "Reference",
      "What is scaled.",
      ({ spec: { scaleTargetRef: target } }: Autoscaler) => `${target.kind}/${target.name}`,
    ),
    textColumn("Targets", "What is measured, and what it should be.", targetsText),
    textColumn("MinPods", "Pods at least.", ({ spec }: Autoscaler) => String(spec.minReplicas ?? "<unset>")),
    countColumn("MaxPods", "Pods at most.", ({ spec }: Autoscaler) => spec.maxReplicas),
    countColumn("Replicas", "Pods now.", ({ status }: Autoscaler) => status.currentReplicas),
    AGE,
  ],
  selectableFields: {},
  setDefaults: setAutoscalerDefaults,
  prepareForCreate: (autoscaler) => ({ ...autoscaler, status: { desiredReplicas: 0, currentMetrics: null } }),
  validate: validateAutoscaler,
};
