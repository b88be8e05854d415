import { type SchedulingDecision, schedulingDecisions } from "../api/kinds/scheduling-decision.ts";
import type { ObjectKey } from "../api/meta.ts";
import type { Random } from "../lib/random.ts";
import type { ObservedScheduler } from "../recording/scheduler/observed-scheduler.ts";
import { type RunningScheduler, type SchedulerContext, startScheduler } from "../scheduler/scheduler.ts";
import type { Metric } from "../server/metrics-text.ts";
import type { ComputedKind } from "../store/computed.ts";
import { schedulerMetrics } from "./scheduler-metrics.ts";

/**
 * Where a cluster's scheduler sits. Another one may take its place; what was decided stays known. Its decisions are
 * objects, served before the first one sits here.
 */
export class SchedulerSeat implements ComputedKind {
  readonly kind = schedulingDecisions;
  #context: SchedulerContext | undefined;
  #scheduler: RunningScheduler | undefined;
  #isClosed = false;

  /** The first scheduler takes its seat. */
  async start(context: SchedulerContext): Promise<void> {
    this.#context = context;
    this.#scheduler = await startScheduler(context);
  }

  /** The scheduler that sits here stops, and another one takes its place that sees the cluster through these doors. */
  async restart(random: Random, doors: ObservedScheduler): Promise<void> {
    const context = this.#context as SchedulerContext;
    this.#scheduler?.stop();
    const memory = this.#scheduler?.memory();
    const scheduler = await startScheduler({
      ...context,
      objects: doors.objects,
      clock: doors,
      copies: undefined,
      random,
      loadStrategy: (source) => doors.load(context.loadStrategy(source)),
      ...(memory && { memory }),
    });
    this.#scheduler = scheduler;
    if (this.#isClosed) scheduler.stop();
  }

  stop(): void {
    this.#isClosed = true;
    this.#scheduler?.stop();
  }

  metrics(): readonly Metric[] {
    return this.#scheduler === undefined ? [] : schedulerMetrics(this.#scheduler.counts());
  }

  get(key: ObjectKey): SchedulingDecision | undefined {
    return this.#scheduler?.decisions.get(key);
  }

  list({ namespace }: { readonly namespace?: string }): readonly SchedulingDecision[] {
    const all = this.#scheduler?.decisions.list() ?? [];
    return namespace === undefined
      ? all
      : all.filter((decision) => decision.metadata.namespace === namespace);
  }
}
