import { deepEqual } from "../../api/deep-equal.ts";
import { isReason } from "../../api/errors.ts";
import { EventRecorder } from "../../api/event-recorder.ts";
import {
  type HorizontalPodAutoscaler,
  horizontalPodAutoscalers,
} from "../../api/kinds/horizontal-pod-autoscaler.ts";
import { pods } from "../../api/kinds/pod.ts";
import { keyOf, keyText, timestamp } from "../../api/meta.ts";
import { modify } from "../../api/modify.ts";
import type { Timer } from "../../clock/clock.ts";
import type { ControllerContext } from "../controller.ts";
import { KeyedWork } from "../keyed-work.ts";
import type { SharedInformer } from "../shared-informer.ts";
import { Conditions } from "./conditions.ts";
import { askMetrics, type MetricOutcome } from "./metric-proposals.ts";
import { findTarget, type Target } from "./scale-target.ts";
import { ScalingHistory, settle } from "./scaling-behavior.ts";

/** Every autoscaler is looked at this often. */
const SYNC_PERIOD_MS = 15_000;

type Autoscaler = HorizontalPodAutoscaler;

/** What one look at an autoscaler leads to. */
interface Decision {
  readonly desired: number;
  /** Why, for the event; undefined when nothing is to be done. */
  readonly reason: string | undefined;
  readonly outcomes?: readonly MetricOutcome[];
}

/** The loop of the autoscaler controller (pkg/controller/podautoscaler/horizontal.go). */
export class AutoscalerLoop {
  readonly #context: ControllerContext;
  readonly #work: KeyedWork;
  readonly #recorder: EventRecorder;
  readonly #histories = new Map<string, ScalingHistory>();
  #informer: SharedInformer<Autoscaler> | undefined;
  /** Periods are counted from here. */
  #startMs = 0;
  #timer: Timer | undefined;
  #leave: () => void = () => undefined;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#recorder = new EventRecorder({ ...context, component: "horizontal-pod-autoscaler" });
    this.#work = new KeyedWork(context, (key) => this.#sync(key));
  }

  async start(): Promise<void> {
    const { view, clock } = this.#context;
    this.#startMs = clock.monotonicMs();
    const informer = await view.follow(horizontalPodAutoscalers);
    this.#informer = informer;
    this.#leave = informer.join({
      changed: (before, after) => {
        if (after === undefined) this.#histories.delete((before as Autoscaler).metadata.uid);
        else if (before?.metadata.generation !== after.metadata.generation)
          this.#work.request(keyText(keyOf(after)));
        this.#pace(informer);
      },
    });
    this.#pace(informer);
  }

  /** Sees to it that all are looked at when the next period begins, if there are any. */
  #pace(informer: SharedInformer<Autoscaler>): void {
    if (this.#timer !== undefined || informer.values().next().done === true) return;
    const { clock } = this.#context;
    const delayMs = SYNC_PERIOD_MS - ((clock.monotonicMs() - this.#startMs) % SYNC_PERIOD_MS);
    this.#timer = clock.after(delayMs, () => {
      this.#timer = undefined;
      for (const autoscaler of informer.values()) this.#work.request(keyText(keyOf(autoscaler)));
      this.#pace(informer);
    });
  }

  stop(): void {
    this.#leave();
    this.#timer?.cancel();
    this.#work.stop();
  }

  async #sync(key: string): Promise<void> {
    const [namespace, name] = key.split("/") as [string, string];
    const autoscaler = this.#informer?.get({ namespace, name });
    if (autoscaler === undefined || autoscaler.metadata.deletionTimestamp !== undefined) return;
    const conditions = new Conditions(autoscaler.status.conditions, this.#context.clock.now());
    const target = await findTarget(this.#context, autoscaler);
    if (typeof target === "string") {
      this.#recorder.record(autoscaler, "Warning", "FailedGetScale", target);
      const message = `the HPA controller was unable to get the target's current scale: ${target}`;
      conditions.set("AbleToScale", false, "FailedGetScale", message);
      await this.#write(autoscaler, conditions, {});
      return;
    }
    conditions.set(
      "AbleToScale",
      true,
      "SucceededGetScale",
      "the HPA controller was able to get the target's current scale",
    );
    const decision = await this.#decide(autoscaler, target, conditions);
    await this.#act(autoscaler, target, decision, conditions);
  }

  async #decide(autoscaler: Autoscaler, target: Target, conditions: Conditions): Promise<Decision> {
    const { minReplicas = 1, maxReplicas } = autoscaler.spec;
    const { replicas: current } = target;
    if (current === 0) {
      const message = "scaling is disabled since the replica count of the target is zero";
      conditions.set("ScalingActive", false, "ScalingDisabled", message);
      return { desired: 0, reason: undefined };
    }
    if (current > maxReplicas) {
      return { desired: maxReplicas, reason: "Current number of replicas above Spec.MaxReplicas" };
    }
    if (current < minReplicas) {
      return { desired: minReplicas, reason: "Current number of replicas below Spec.MinReplicas" };
    }
    return this.#byMetrics(autoscaler, target, conditions);
  }

  async #byMetrics(autoscaler: Autoscaler, target: Target, conditions: Conditions): Promise<Decision> {
    const { objects, clock } = this.#context;
    const { replicas: current, selector } = target;
    if (selector === "") return this.#withoutSelector(autoscaler, current, conditions);
    const namespace = autoscaler.metadata.namespace as string;
    const { items } = await objects.list(pods, { namespace, labelSelector: selector });
    const outcomes = await askMetrics(this.#context, autoscaler, items, selector, current);
    const failure = outcomes.find((outcome) => outcome.failure !== undefined)?.failure;
    const best = outcomes.reduce<MetricOutcome | undefined>(
      (most, one) => ((one.proposal?.replicas ?? -1) > (most?.proposal?.replicas ?? -1) ? one : most),
      undefined,
    );
    const proposed = best?.proposal?.replicas;
    // With a metric missing it is safe to go up, never down.
    if (proposed === undefined || (failure !== undefined && proposed < current)) {
      const { reason, message } = failure ?? {
        reason: "InvalidMetricSourceType",
        message: "there is no metric",
      };
      const why = `the HPA was unable to compute the replica count: ${message}`;
      conditions.set("ScalingActive", false, reason, why);
      this.#recorder.record(autoscaler, "Warning", reason, message);
      this.#recorder.record(
        autoscaler,
        "Warning",
        "FailedComputeMetricsReplicas",
        `invalid metrics: ${message}`,
      );
      return { desired: current, reason: undefined, outcomes };
    }
    const found = `the HPA was able to successfully calculate a replica count from ${best?.name}`;
    conditions.set("ScalingActive", true, "ValidMetricFound", found);
    const settled = settle(
      autoscaler.spec,
      current,
      proposed,
      this.#history(autoscaler),
      clock.monotonicMs(),
    );
    conditions.settled(settled);
    const { replicas: desired } = settled;
    const reason = desired > current ? `${best?.name} above target` : "All metrics below target";
    return { desired, reason: desired === current ? undefined : reason, outcomes };
  }

  /** Of a custom kind whose `/scale` says no selector nobody can tell which pods are its own. */
  #withoutSelector(autoscaler: Autoscaler, current: number, conditions: Conditions): Decision {
    const message = "selector is required";
    conditions.set("ScalingActive", false, "InvalidSelector", "the HPA target's scale is missing a selector");
    this.#recorder.record(autoscaler, "Warning", "SelectorRequired", message);
    this.#recorder.record(autoscaler, "Warning", "FailedComputeMetricsReplicas", message);
    return { desired: current, reason: undefined };
  }

  async #act(
    autoscaler: Autoscaler,
    target: Target,
    decision: Decision,
    conditions: Conditions,
  ): Promise<void> {
    const { desired, reason, outcomes } = decision;
    const { clock } = this.#context;
    const { replicas: current } = target;
    const isRescaled = reason !== undefined && desired !== current;
    if (isRescaled) {
      await target.scale(desired);
      this.#history(autoscaler).scaled(current, desired, clock.monotonicMs());
      const message = `the HPA controller was able to update the target scale to ${desired}`;
      conditions.set("AbleToScale", true, "SucceededRescale", message);
      this.#recorder.record(
        autoscaler,
        "Normal",
        "SuccessfulRescale",
        `New size: ${desired}; reason: ${reason}`,
      );
    }
    await this.#write(autoscaler, conditions, {
      currentReplicas: current,
      desiredReplicas: desired,
      ...(isRescaled && { lastScaleTime: timestamp(clock.now()) }),
      ...(outcomes && { currentMetrics: outcomes.map(({ status }) => status) }),
    });
  }

  #history({ metadata: { uid } }: Autoscaler): ScalingHistory {
    const history = this.#histories.get(uid) ?? new ScalingHistory();
    this.#histories.set(uid, history);
    return history;
  }

  async #write(
    autoscaler: Autoscaler,
    conditions: Conditions,
    change: Partial<Autoscaler["status"]>,
  ): Promise<void> {
    const { uid, generation } = autoscaler.metadata;
    const observed = generation === undefined ? {} : { observedGeneration: generation };
    const changed = (now: Autoscaler): Autoscaler => {
      if (now.metadata.uid !== uid) return now;
      const status = { ...now.status, ...observed, ...change, conditions: conditions.all() };
      return deepEqual(status, now.status) ? now : { ...now, status };
    };
    try {
      await modify(this.#context.objects, horizontalPodAutoscalers, keyOf(autoscaler), changed, {
        subresource: "status",
      });
    } catch (error) {
      if (!isReason(error, "NotFound")) throw error;
    }
  }
}
