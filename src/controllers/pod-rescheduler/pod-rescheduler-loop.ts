import { isReason } from "../../api/errors.ts";
import { EventRecorder } from "../../api/event-recorder.ts";
import { type Pod, pods } from "../../api/kinds/pod.ts";
import type { ControllerContext } from "../controller.ts";
import { KeyedWork } from "../keyed-work.ts";
import { nodeExists } from "../node-exists.ts";
import { isBare, isLeaving, successorOf } from "./successor.ts";

/** The loop of the pod-rescheduler: who has to be moved, and the one write that moves it. */
export class PodReschedulerLoop {
  readonly #context: ControllerContext;
  readonly #recorder: EventRecorder;
  /** Pods that are being moved, by uid, until the API has shown that they are gone. */
  readonly #moving = new Map<string, Pod>();
  readonly #work: KeyedWork;
  readonly #leave: (() => void)[] = [];

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#recorder = new EventRecorder({ ...context, component: "pod-rescheduler" });
    this.#work = new KeyedWork(context, (uid) => this.#move(uid));
  }

  start(): void {
    const { view } = this.#context;
    this.#leave.push(
      view.pods.join({ changed: (before, after) => this.#podChanged(before, after) }),
      view.nodes.join({
        changed: (before, after) => {
          if (before === undefined || after !== undefined) return;
          for (const pod of view.podsOn(before.metadata.name)) this.#consider(pod);
        },
      }),
    );
  }

  stop(): void {
    for (const leave of this.#leave) leave();
    this.#work.stop();
  }

  #podChanged(before: Pod | undefined, after: Pod | undefined): void {
    if (after !== undefined) this.#consider(after);
    else if (before !== undefined && !this.#moving.delete(before.metadata.uid)) {
      // Its node came back and finished it before it was moved.
      if (isLeaving(before)) this.#begin(before);
    }
  }

  #consider(pod: Pod): void {
    if (isLeaving(pod) || this.#isStranded(pod)) this.#begin(pod);
  }

  /** True when the pod's node seems to be gone; pods that a user is deleting go with it. */
  #isStranded(pod: Pod): boolean {
    const { nodeName } = pod.spec;
    if (nodeName === undefined || pod.metadata.deletionTimestamp !== undefined) return false;
    return this.#context.view.nodes.get({ name: nodeName }) === undefined;
  }

  #begin(pod: Pod): void {
    const { uid } = pod.metadata;
    if (!this.#context.view.profile.reschedulesBarePods || !isBare(pod) || this.#moving.has(uid)) return;
    this.#moving.set(uid, pod);
    this.#work.request(uid);
  }

  async #move(uid: string): Promise<void> {
    const { objects } = this.#context;
    const pod = this.#moving.get(uid);
    if (pod === undefined) return;
    const nodeName = pod.spec.nodeName as string;
    if (!isLeaving(pod) && (await nodeExists(objects, nodeName))) {
      this.#moving.delete(uid);
      return;
    }
    const successor = await this.#replace(pod);
    if (successor === undefined) this.#moving.delete(uid);
    else this.#recorder.record(successor, "Normal", "Rescheduled", `Moved off node ${nodeName}`);
  }

  /** Old pod out and new pod in by one write: its capacity comes back exactly once. */
  async #replace(pod: Pod): Promise<Pod | undefined> {
    const { objects } = this.#context;
    const successor = successorOf(pod);
    try {
      return await objects.create<Pod>(pods, successor, { replaces: pod.metadata.uid, trusted: true });
    } catch (error) {
      if (isReason(error, "Forbidden")) return undefined;
      if (!isReason(error, "Conflict")) throw error;
    }
    if (!isLeaving(pod)) return undefined;
    try {
      return await objects.create<Pod>(pods, successor);
    } catch (error) {
      // The name has been taken, or its namespace is being emptied.
      if (isReason(error, "AlreadyExists") || isReason(error, "Forbidden")) return undefined;
      throw error;
    }
  }
}
