import { isReason } from "../../api/errors.ts";
import { EventRecorder } from "../../api/event-recorder.ts";
import type { Node, NodeTaint } from "../../api/kinds/node.ts";
import { isFinished, type Pod, pods } from "../../api/kinds/pod.ts";
import { DisruptionReason } from "../../api/kinds/pod-condition.ts";
import { keyOf, keyText } from "../../api/meta.ts";
import type { Timer } from "../../clock/clock.ts";
import type { ControllerContext } from "../controller.ts";
import { KeyedWork } from "../keyed-work.ts";
import { toleratedMs } from "./tolerance.ts";

interface Planned {
  readonly sinceMs: number;
  readonly atMs: number;
  readonly timer: Timer;
}

const NONE: readonly NodeTaint[] = [];

const BY_TAINT = {
  reason: DisruptionReason.taint,
  message: "Taint manager: deleting due to NoExecute taint",
} as const;

/** The loop of the taint-eviction controller: which pods have to go, and when. */
export class TaintEvictionLoop {
  readonly #context: ControllerContext;
  readonly #recorder: EventRecorder;
  readonly #taintsByNode = new Map<string, readonly NodeTaint[]>();
  readonly #planned = new Map<string, Planned>();
  readonly #evicting = new Map<string, Pod>();
  readonly #work: KeyedWork;
  readonly #leave: (() => void)[] = [];

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#recorder = new EventRecorder({ ...context, component: "taint-eviction-controller" });
    this.#work = new KeyedWork(context, (uid) => this.#evict(uid));
  }

  start(): void {
    const { view } = this.#context;
    this.#leave.push(
      view.nodes.join({ changed: (before, after) => this.#nodeChanged(before, after) }),
      view.pods.join({ changed: (before, after) => this.#podChanged(before, after) }),
    );
  }

  stop(): void {
    for (const leave of this.#leave) leave();
    for (const { timer } of this.#planned.values()) timer.cancel();
    this.#work.stop();
  }

  #nodeChanged(before: Node | undefined, after: Node | undefined): void {
    const { name } = ((after ?? before) as Node).metadata;
    const known = this.#taintsByNode.get(name) ?? NONE;
    const taints = after?.spec.taints === undefined ? NONE : evictingTaints(after.spec.taints);
    if (taints.length === 0) this.#taintsByNode.delete(name);
    else this.#taintsByNode.set(name, taints);
    if (isSame(known, taints)) return;
    for (const pod of this.#context.view.podsOn(name)) this.#decide(pod, taints);
  }

  #podChanged(before: Pod | undefined, after: Pod | undefined): void {
    if (after === undefined || after.metadata.deletionTimestamp !== undefined || isFinished(after)) {
      this.#cancel(((after ?? before) as Pod).metadata.uid);
      return;
    }
    const taints =
      after.spec.nodeName === undefined ? undefined : this.#taintsByNode.get(after.spec.nodeName);
    if (taints !== undefined) this.#decide(after, taints);
  }

  #decide(pod: Pod, taints: readonly NodeTaint[]): void {
    if (pod.metadata.deletionTimestamp !== undefined || isFinished(pod)) return;
    const afterMs = taints.length === 0 ? undefined : toleratedMs(taints, pod.spec.tolerations);
    if (afterMs === undefined) this.#spare(pod);
    else this.#plan(pod, afterMs);
  }

  #plan(pod: Pod, afterMs: number): void {
    const { clock } = this.#context;
    const { uid } = pod.metadata;
    const known = this.#planned.get(uid);
    const sinceMs = known?.sinceMs ?? clock.monotonicMs();
    const atMs = sinceMs + afterMs;
    if (this.#evicting.has(uid) || known?.atMs === atMs) return;
    this.#cancel(uid);
    const delayMs = Math.max(0, atMs - clock.monotonicMs());
    if (delayMs === 0) {
      this.#begin(pod);
      return;
    }
    this.#planned.set(uid, { sinceMs, atMs, timer: clock.after(delayMs, () => this.#begin(pod)) });
  }

  /** The taint is gone, or tolerated for ever. */
  #spare(pod: Pod): void {
    if (!this.#cancel(pod.metadata.uid)) return;
    const text = `Cancelling deletion of Pod ${keyText(keyOf(pod))}`;
    this.#recorder.record(pod, "Normal", "TaintManagerEviction", text);
  }

  #cancel(uid: string): boolean {
    const planned = this.#planned.get(uid);
    planned?.timer.cancel();
    return this.#planned.delete(uid);
  }

  #begin(pod: Pod): void {
    const { uid } = pod.metadata;
    this.#planned.delete(uid);
    this.#evicting.set(uid, pod);
    const text = `Marking for deletion Pod ${keyText(keyOf(pod))}`;
    this.#recorder.record(pod, "Normal", "TaintManagerEviction", text);
    this.#work.request(uid);
  }

  async #evict(uid: string): Promise<void> {
    const pod = this.#evicting.get(uid);
    if (pod === undefined) return;
    try {
      await this.#context.objects.delete(pods, keyOf(pod), { preconditions: { uid }, disruption: BY_TAINT });
    } catch (error) {
      // Gone, or another pod by now.
      if (!isReason(error, "NotFound") && !isReason(error, "Conflict")) throw error;
    }
    this.#evicting.delete(uid);
  }
}

function evictingTaints(taints: readonly NodeTaint[]): readonly NodeTaint[] {
  const evicting = taints.filter(({ effect }) => effect === "NoExecute");
  return evicting.length === 0 ? NONE : evicting;
}

function isSame(a: readonly NodeTaint[], b: readonly NodeTaint[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ key, value }, index) => key === b[index]?.key && value === b[index]?.value)
  );
}
