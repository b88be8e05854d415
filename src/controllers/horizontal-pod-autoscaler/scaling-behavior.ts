import type { AutoscalerSpec, ScalingRules } from "../../api/kinds/horizontal-pod-autoscaler.ts";
import { SCALE_DOWN, SCALE_UP } from "../../api/kinds/horizontal-pod-autoscaler-defaults.ts";

/** A number of pods and when it was, in ms: a recommendation, or how many were added or taken away. */
interface Dated {
  readonly count: number;
  readonly atMs: number;
}

/** What of an autoscaler's past its next decision depends on. */
export class ScalingHistory {
  recommendations: Dated[] = [];
  ups: Dated[] = [];
  downs: Dated[] = [];

  /** Remembers a change of scale. */
  scaled(before: number, after: number, atMs: number): void {
    if (after > before) this.ups.push({ count: after - before, atMs });
    else this.downs.push({ count: before - after, atMs });
  }
}

/** A number of pods, with what held it back. */
export interface Settled {
  readonly replicas: number;
  readonly stabilized?: "ScaleUpStabilized" | "ScaleDownStabilized";
  /** Reason of the condition ScalingLimited; absent: nothing limits it. */
  readonly limit?: "ScaleUpLimit" | "ScaleDownLimit" | "TooManyReplicas" | "TooFewReplicas";
}

/** Longest of all windows and periods that an autoscaler may ask for. */
const LONGEST_MS = 3_600_000;

/** What becomes of a wish: steadied over the windows, kept within the policies' speed and the bounds. */
export function settle(
  { minReplicas = 1, maxReplicas, behavior }: AutoscalerSpec,
  current: number,
  desired: number,
  history: ScalingHistory,
  nowMs: number,
): Settled {
  const up: ScalingRules = { ...SCALE_UP, ...behavior?.scaleUp };
  const down: ScalingRules = { ...SCALE_DOWN, ...behavior?.scaleDown };
  for (const part of ["recommendations", "ups", "downs"] as const) {
    history[part] = history[part].filter(({ atMs }) => nowMs - atMs < LONGEST_MS);
  }
  const steady = stabilize(up, down, current, desired, history, nowMs);
  const stabilized =
    steady === desired
      ? {}
      : ({ stabilized: steady < desired ? "ScaleUpStabilized" : "ScaleDownStabilized" } as const);
  return { ...stabilized, ...limited(steady) };

  function limited(wish: number): Settled {
    if (wish > current) {
      const limit = Math.max(current, upLimit(up, current, history, nowMs));
      if (wish > Math.min(limit, maxReplicas)) {
        return limit < maxReplicas
          ? { replicas: limit, limit: "ScaleUpLimit" }
          : { replicas: maxReplicas, limit: "TooManyReplicas" };
      }
    } else if (wish < current) {
      const limit = Math.min(current, downLimit(down, current, history, nowMs));
      if (wish < Math.max(limit, minReplicas)) {
        return limit > minReplicas
          ? { replicas: limit, limit: "ScaleDownLimit" }
          : { replicas: minReplicas, limit: "TooFewReplicas" };
      }
    }
    if (wish > maxReplicas) return { replicas: maxReplicas, limit: "TooManyReplicas" };
    return wish < minReplicas ? { replicas: minReplicas, limit: "TooFewReplicas" } : { replicas: wish };
  }
}

/** Up goes only what all recommendations of the window ask for, and down only to the highest of them. */
function stabilize(
  up: ScalingRules,
  down: ScalingRules,
  current: number,
  desired: number,
  history: ScalingHistory,
  nowMs: number,
): number {
  const within = ({ stabilizationWindowSeconds = 0 }: ScalingRules) =>
    history.recommendations
      .filter(({ atMs }) => nowMs - atMs < stabilizationWindowSeconds * 1_000)
      .map(({ count }) => count);
  const lowest = Math.min(desired, ...within(up));
  const highest = Math.max(desired, ...within(down));
  history.recommendations.push({ count: desired, atMs: nowMs });
  return Math.min(Math.max(current, lowest), highest);
}

function upLimit(rules: ScalingRules, current: number, history: ScalingHistory, nowMs: number): number {
  const { selectPolicy, policies = [] } = rules;
  if (selectPolicy === "Disabled") return current;
  const limits = policies.map(({ type, value, periodSeconds }) => {
    const before = startOf(current, history, periodSeconds, nowMs);
    return type === "Pods" ? before + value : Math.ceil(before * (1 + value / 100));
  });
  return selectPolicy === "Min" ? Math.min(...limits) : Math.max(...limits);
}

function downLimit(rules: ScalingRules, current: number, history: ScalingHistory, nowMs: number): number {
  const { selectPolicy, policies = [] } = rules;
  if (selectPolicy === "Disabled") return current;
  const limits = policies.map(({ type, value, periodSeconds }) => {
    const before = startOf(current, history, periodSeconds, nowMs);
    return type === "Pods" ? before - value : Math.floor(before * (1 - value / 100));
  });
  return selectPolicy === "Min" ? Math.max(...limits) : Math.min(...limits);
}

/** How many there were when the period began. */
function startOf(
  current: number,
  { ups, downs }: ScalingHistory,
  periodSeconds: number,
  nowMs: number,
): number {
  const sum = (changes: readonly Dated[]) =>
    changes
      .filter(({ atMs }) => nowMs - atMs < periodSeconds * 1_000)
      .reduce((total, { count }) => total + count, 0);
  return current - sum(ups) + sum(downs);
}
