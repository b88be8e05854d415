import type {
  HorizontalPodAutoscaler,
  MetricSpec,
  MetricStatus,
  ResourceMetric,
} from "../../api/kinds/horizontal-pod-autoscaler.ts";
import { type PodMetrics, podMetrics } from "../../api/kinds/metrics.ts";
import type { Pod } from "../../api/kinds/pod.ts";
import { parseDuration } from "../../lib/duration.ts";
import type { ControllerContext } from "../controller.ts";
import type { Measured } from "./pod-groups.ts";
import { milli, NoMetric, type Proposal, proposeReplicas, tolerancesOf } from "./replica-calculator.ts";

/** What one metric of an autoscaler says: how many pods, or why it cannot say. */
export interface MetricOutcome {
  /** As messages call it. */
  readonly name: string;
  readonly proposal?: Proposal;
  readonly failure?: { readonly reason: string; readonly message: string };
  readonly status: MetricStatus;
}

const REASON_OF_TYPE: Readonly<Record<string, string>> = {
  Pods: "FailedGetPodsMetric",
  Object: "FailedGetObjectMetric",
  External: "FailedGetExternalMetric",
};

/** Asks every metric of an autoscaler how many of the pods there should be. */
export async function askMetrics(
  { objects, clock }: ControllerContext,
  { metadata, spec }: HorizontalPodAutoscaler,
  pods: readonly Pod[],
  labelSelector: string,
  current: number,
): Promise<readonly MetricOutcome[]> {
  const namespace = metadata.namespace as string;
  const tolerances = tolerancesOf(spec);
  const { items } = await objects.list(podMetrics, { namespace, labelSelector });
  return (spec.metrics ?? []).map((metric) => {
    const wanted = metric.resource ?? metric.containerResource;
    if (wanted === undefined) return unavailable(metric);
    const container = metric.containerResource?.container;
    const measured = new Map(
      items.map((item) => [item.metadata.name, measuredOf(item, wanted.name, container)]),
    );
    const known = new Map(
      [...measured].filter((entry): entry is [string, Measured] => entry[1] !== undefined),
    );
    const { name: resource, target } = wanted;
    const question = { current, pods, measured: known, resource, target, tolerances, now: clock.now() };
    return outcomeOf(metric, wanted, () =>
      proposeReplicas(container === undefined ? question : { ...question, container }),
    );
  });
}

function outcomeOf(
  metric: MetricSpec,
  { name, target }: ResourceMetric,
  propose: () => Proposal,
): MetricOutcome {
  const container = metric.containerResource?.container;
  const field = container === undefined ? "resource" : "containerResource";
  const status = (current: object): MetricStatus => ({
    type: metric.type,
    [field]: { name, ...(container !== undefined && { container }), current },
  });
  const kind = target.averageUtilization === undefined ? "" : " utilization (percentage of request)";
  const of = container === undefined ? "resource" : "container resource";
  try {
    const proposal = propose();
    const { utilization, average } = proposal;
    const averageValue = name === "cpu" ? `${average}m` : `${Math.round(average / 1_000)}`;
    const shown = { ...(utilization !== undefined && { averageUtilization: utilization }), averageValue };
    return { name: `${name} ${of}${kind}`, proposal, status: status(shown) };
  } catch (error) {
    if (!(error instanceof NoMetric)) throw error;
    const what = target.averageUtilization === undefined ? "usage" : "utilization";
    const reason = container === undefined ? "FailedGetResourceMetric" : "FailedGetContainerResourceMetric";
    const message = `failed to get ${name} ${what}: ${error.message}`;
    return { name, failure: { reason, message }, status: status({}) };
  }
}

/** Metrics of pods, of objects and from outside come from adapters, which are not here. */
function unavailable({ type }: MetricSpec): MetricOutcome {
  const api = type === "External" ? "external.metrics.k8s.io" : "custom.metrics.k8s.io";
  const message = `unable to get metric: no metrics returned from ${api}: it is not served`;
  return {
    name: type,
    failure: { reason: REASON_OF_TYPE[type] ?? "InvalidMetricSourceType", message },
    status: { type: "" },
  };
}

function measuredOf(
  { timestamp, window, containers }: PodMetrics,
  resource: string,
  container: string | undefined,
): Measured | undefined {
  const counted = containers.filter(({ name }) => container === undefined || name === container);
  const texts = counted.map(({ usage }) => usage[resource]);
  if (counted.length === 0 || texts.includes(undefined)) return undefined;
  const value = texts.reduce((sum, text) => sum + milli(text as string), 0);
  return { value, atMs: Date.parse(timestamp), windowMs: parseDuration(window) ?? 0 };
}
