import type { SchedulerCounts } from "../scheduler/scheduler.ts";
import type { Metric } from "../server/metrics-text.ts";

/** What kube-scheduler tells of itself, in its words. */
export function schedulerMetrics(counts: SchedulerCounts): readonly Metric[] {
  const results = ["scheduled", "unschedulable", "error"] as const;
  return [
    {
      name: "scheduler_schedule_attempts_total",
      help: "Number of attempts to schedule pods, by the result.",
      type: "counter",
      samples: results.map((result) => ({
        labels: { profile: "default-scheduler", result },
        value: counts[result],
      })),
    },
    {
      name: "scheduler_preemption_attempts_total",
      help: "Total preemption attempts in the cluster till now.",
      type: "counter",
      samples: [{ value: counts.preemptions }],
    },
    {
      name: "scheduler_pending_pods",
      help: "Number of pending pods.",
      type: "gauge",
      samples: [{ value: counts.waiting }],
    },
  ];
}
