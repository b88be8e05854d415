import { NONE } from "./columns.ts";
import type { HorizontalPodAutoscaler, MetricSpec, MetricStatus } from "./horizontal-pod-autoscaler.ts";

const SHOWN_MAX = 2;
const UNKNOWN = "<unknown>";

/** `cpu: 10%/50%`: what is measured and what it should be, of the first two metrics, as kubectl prints it. */
export function targetsText({ spec, status }: HorizontalPodAutoscaler): string {
  const { metrics = [] } = spec;
  if (metrics.length === 0) return NONE;
  const shown = metrics
    .slice(0, SHOWN_MAX)
    .map((metric, at) => targetText(metric, status.currentMetrics?.[at]));
  const more = metrics.length > SHOWN_MAX ? ` + ${metrics.length - SHOWN_MAX} more...` : "";
  return `${shown.join(", ")}${more}`;
}

function targetText(metric: MetricSpec, status: MetricStatus | undefined): string {
  const wanted = metric.resource ?? metric.containerResource;
  if (wanted === undefined) return `${UNKNOWN}/${wantedText(metric)}`;
  const { averageUtilization, averageValue } = wanted.target ?? {};
  const current = (metric.resource ? status?.resource : status?.containerResource)?.current;
  if (averageValue !== undefined)
    return `${wanted.name}: ${current?.averageValue ?? UNKNOWN}/${averageValue}`;
  const now = current?.averageUtilization;
  const goal = averageUtilization === undefined ? "<auto>" : `${averageUtilization}%`;
  return `${wanted.name}: ${now === undefined ? UNKNOWN : `${now}%`}/${goal}`;
}

function wantedText({ pods, object, external }: MetricSpec): string {
  const source = (pods ?? object ?? external) as
    | { target?: { averageValue?: string; value?: string } }
    | undefined;
  const { target } = source ?? {};
  return target?.averageValue === undefined ? (target?.value ?? "<auto>") : `${target.averageValue} (avg)`;
}
