import { deepEqual } from "../deep-equal.ts";
import type { HorizontalPodAutoscaler, MetricSpec, ScalingRules } from "./horizontal-pod-autoscaler.ts";

const CPU: readonly MetricSpec[] = [
  { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } },
];

/** How fast an autoscaler scales up that does not say so. */
export const SCALE_UP: Required<Omit<ScalingRules, "tolerance">> = {
  stabilizationWindowSeconds: 0,
  selectPolicy: "Max",
  policies: [
    { type: "Pods", value: 4, periodSeconds: 15 },
    { type: "Percent", value: 100, periodSeconds: 15 },
  ],
};

/** How fast an autoscaler scales down that does not say so; it waits out 300 s of higher recommendations. */
export const SCALE_DOWN: Required<Omit<ScalingRules, "tolerance">> = {
  stabilizationWindowSeconds: 300,
  selectPolicy: "Max",
  policies: [{ type: "Percent", value: 100, periodSeconds: 15 }],
};

/** Fills in what is left out (pkg/apis/autoscaling/v2/defaults.go); gives the same object back when nothing is. */
export function setAutoscalerDefaults(autoscaler: HorizontalPodAutoscaler): HorizontalPodAutoscaler {
  const { spec, status } = autoscaler;
  const { behavior } = spec ?? {};
  const scaleUp = { ...SCALE_UP, ...behavior?.scaleUp };
  const { stabilizationWindowSeconds: _none, ...down } = SCALE_DOWN;
  const scaleDown = { ...down, ...behavior?.scaleDown };
  const complete = {
    ...autoscaler,
    spec: {
      ...spec,
      minReplicas: spec?.minReplicas ?? 1,
      metrics: (spec?.metrics ?? []).length > 0 ? (spec?.metrics as readonly MetricSpec[]) : CPU,
      ...(behavior && { behavior: { scaleUp, scaleDown } }),
    },
    status: status ?? {},
  };
  return deepEqual(complete, autoscaler) ? autoscaler : complete;
}
