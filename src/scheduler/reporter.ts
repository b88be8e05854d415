import { isReason } from "../api/errors.ts";
import type { EventRecorder } from "../api/event-recorder.ts";
import { type Pod, pods } from "../api/kinds/pod.ts";
import { podCondition } from "../api/kinds/pod-condition.ts";
import { type Condition, keyOf, timestamp, withStatus } from "../api/meta.ts";
import { modify } from "../api/modify.ts";
import { type Objects, OWN_STATUS } from "../api/objects.ts";
import type { Clock } from "../clock/clock.ts";
import { extend } from "../lib/extend.ts";
import { assignedMessage, SCHEDULING_GATED } from "./messages.ts";

const CONDITION = "PodScheduled";

type WhyWaiting = "Unschedulable" | "SchedulingGated" | "SchedulerError";

/** Tells the world what became of a pod: events, and condition PodScheduled where it changes. */
export class Reporter {
  readonly #objects: Objects;
  readonly #clock: Clock;
  readonly #events: EventRecorder;
  readonly #onError: (error: unknown) => void;

  constructor(context: {
    readonly objects: Objects;
    readonly clock: Clock;
    readonly events: EventRecorder;
    readonly onError: (error: unknown) => void;
  }) {
    this.#objects = context.objects;
    this.#clock = context.clock;
    this.#events = context.events;
    this.#onError = context.onError;
  }

  /** The pod is bound. The condition comes with the binding. */
  scheduled(pod: Pod, nodeName: string): void {
    const { namespace = "default", name } = pod.metadata;
    this.#events.record(pod, "Normal", "Scheduled", assignedMessage(namespace, name, nodeName));
  }

  /** The pod fits nowhere; room may be being made for it on a node. */
  unschedulable(pod: Pod, message: string, nominatedNode: string | undefined): void {
    this.#events.record(pod, "Warning", "FailedScheduling", message);
    this.#setStatus(pod, (now, time) =>
      withNomination(withCondition(now, "Unschedulable", message, time), nominatedNode),
    );
  }

  /** No room is made for the pod any more. */
  notNominated(pod: Pod): void {
    this.#setStatus(pod, (now) => withNomination(now, undefined));
  }

  /** The strategy has failed on nodes that have room; the pod is placed all the same. */
  scoringFailed(pod: Pod, strategy: string, why: string): void {
    this.#events.record(
      pod,
      "Warning",
      "StrategyFailed",
      `strategy "${strategy}" failed to score nodes: ${why}`,
    );
  }

  /** There is a node for the pod, but it could not be bound to it. */
  bindingFailed(pod: Pod, error: unknown): void {
    const message = `binding rejected: ${error instanceof Error ? error.message : String(error)}`;
    this.#events.record(pod, "Warning", "FailedScheduling", message);
    this.#setCondition(pod, "SchedulerError", message);
  }

  /** The pod is held back by its gates. */
  gated(pod: Pod): void {
    if (podCondition(pod, CONDITION)?.reason === "SchedulingGated") return;
    this.#setCondition(pod, "SchedulingGated", SCHEDULING_GATED);
  }

  #setCondition(pod: Pod, reason: WhyWaiting, message: string): void {
    this.#setStatus(pod, (now, time) => withCondition(now, reason, message, time));
  }

  #setStatus(pod: Pod, change: (now: Pod, time: string) => Pod): void {
    const time = timestamp(this.#clock.now());
    const changed = (now: Pod): Pod => {
      // Bound, finished or replaced meanwhile: what was to be said is no longer true.
      const isOver = now.metadata.uid !== pod.metadata.uid || now.spec.nodeName;
      return isOver ? now : change(now, time);
    };
    modify(this.#objects, pods, keyOf(pod), changed, OWN_STATUS).catch((error: unknown) => {
      if (!isReason(error, "NotFound")) this.#onError(error);
    });
  }
}

function withNomination(pod: Pod, nodeName: string | undefined): Pod {
  const { nominatedNodeName, ...status } = pod.status;
  if (nominatedNodeName === nodeName) return pod;
  return withStatus(pod, nodeName === undefined ? status : extend(status, { nominatedNodeName: nodeName }));
}

function withCondition(pod: Pod, reason: WhyWaiting, message: string, time: string): Pod {
  const before = podCondition(pod, CONDITION);
  if (before?.status === "False" && before.reason === reason && before.message === message) return pod;
  const condition: Condition = {
    type: CONDITION,
    status: "False",
    lastProbeTime: null,
    lastTransitionTime: before?.status === "False" ? (before.lastTransitionTime ?? time) : time,
    reason,
    message,
  };
  const others = (pod.status.conditions ?? []).filter(({ type }) => type !== CONDITION);
  return withStatus(pod, extend(pod.status, { conditions: [...others, condition] }));
}
