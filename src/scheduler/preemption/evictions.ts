import { isReason } from "../../api/errors.ts";
import type { EventRecorder } from "../../api/event-recorder.ts";
import { type Pod, pods } from "../../api/kinds/pod.ts";
import { DisruptionReason, disruptionTarget, withPodCondition } from "../../api/kinds/pod-condition.ts";
import { timestamp } from "../../api/meta.ts";
import { modify } from "../../api/modify.ts";
import { type Objects, OWN_STATUS } from "../../api/objects.ts";
import { SCHEDULER_NAME } from "../../api/well-known.ts";
import type { Clock } from "../../clock/clock.ts";
import type { Tenant } from "../cache/tenant.ts";
import type { PodInfo } from "../pod-info.ts";

const WHY = `${SCHEDULER_NAME}: preempting to accommodate a higher priority pod`;

/** Sends pods away: says why on the pod, deletes it with its own grace period, and records the event. */
export class Evictions {
  readonly #objects: Objects;
  readonly #clock: Clock;
  readonly #events: EventRecorder;
  /** Pods that were asked to go and are not gone yet. */
  readonly #going = new Set<string>();

  constructor(context: {
    readonly objects: Objects;
    readonly clock: Clock;
    readonly events: EventRecorder;
  }) {
    this.#objects = context.objects;
    this.#clock = context.clock;
    this.#events = context.events;
  }

  /** True for a pod that goes because the scheduler wants its room. */
  isGoing({ uid, ending }: Tenant): boolean {
    return ending === "preempted" || this.#going.has(uid);
  }

  /** The pod takes no room any more. */
  gone(uid: string): void {
    this.#going.delete(uid);
  }

  /** Asks pods to go; those that go already are left alone. Fails with what went wrong first, when all were asked. */
  async evict(victims: readonly Tenant[], preemptor: PodInfo, nodeName: string): Promise<void> {
    const staying = victims.filter((victim) => victim.ending === undefined && !this.#going.has(victim.uid));
    for (const { uid } of staying) this.#going.add(uid);
    const outcomes = await Promise.allSettled(
      staying.map((victim) => this.#evict(victim, preemptor, nodeName)),
    );
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  async #evict({ uid, namespace, name }: Tenant, preemptor: PodInfo, nodeName: string): Promise<void> {
    const key = { namespace, name };
    const time = timestamp(this.#clock.now());
    const condition = disruptionTarget(DisruptionReason.preemption, WHY, time);
    // Gone or replaced meanwhile: then its room is free, which is all that was wanted.
    const mark = (now: Pod): Pod => (now.metadata.uid === uid ? withPodCondition(now, condition) : now);
    try {
      const pod = await modify(this.#objects, pods, key, mark, OWN_STATUS);
      if (pod.metadata.uid !== uid) return;
      await this.#objects.delete(pods, key, { preconditions: { uid } });
      const message = `Preempted by pod ${preemptor.uid} on node ${nodeName}`;
      this.#events.record(pod, "Normal", "Preempted", message);
    } catch (error) {
      if (isReason(error, "NotFound")) return;
      this.#going.delete(uid);
      throw error;
    }
  }
}
