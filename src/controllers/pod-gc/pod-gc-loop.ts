import { isReason } from "../../api/errors.ts";
import { isNodeReady, type Node } from "../../api/kinds/node.ts";
import { isFinished, type Pod, pods } from "../../api/kinds/pod.ts";
import { DisruptionReason, disruptionTarget, withPodCondition } from "../../api/kinds/pod-condition.ts";
import { keyOf, timestamp } from "../../api/meta.ts";
import { modify } from "../../api/modify.ts";
import { OWN_STATUS } from "../../api/objects.ts";
import { Taint } from "../../api/well-known.ts";
import type { Timer } from "../../clock/clock.ts";
import type { ControllerContext } from "../controller.ts";
import { KeyedWork } from "../keyed-work.ts";
import { nodeExists } from "../node-exists.ts";
import { FinishedPods } from "./finished-pods.ts";

/** kube-controller-manager's numbers. */
const PERIOD_MS = 20_000;
const ORPHAN_QUARANTINE_MS = 40_000;
const FINISHED_LIMIT = 12_500;

/** The loop of the pod-gc controller: which pods nobody will finish, and their removal. */
export class PodGcLoop {
  readonly #context: ControllerContext;
  readonly #finished = new FinishedPods();
  /** Nodes that pods are bound to and that seem not to exist: until when they may still appear. */
  readonly #quarantine = new Map<string, Timer>();
  readonly #condemned = new Map<string, Pod>();
  readonly #work: KeyedWork;
  readonly #leave: (() => void)[] = [];
  #sweep: Timer | undefined;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#work = new KeyedWork(context, (uid) => this.#remove(uid));
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
    for (const timer of this.#quarantine.values()) timer.cancel();
    this.#sweep?.cancel();
    this.#work.stop();
  }

  #nodeChanged(before: Node | undefined, after: Node | undefined): void {
    const { view } = this.#context;
    const { name } = ((after ?? before) as Node).metadata;
    if (after === undefined) {
      if (view.podsOn(name).length > 0) this.#suspect(name);
    } else if (isOutOfService(after)) {
      for (const pod of view.podsOn(name)) if (isTerminating(pod)) this.#condemn(pod);
    }
  }

  #podChanged(before: Pod | undefined, after: Pod | undefined): void {
    this.#finished.update(before, after);
    if (this.#finished.size > FINISHED_LIMIT) {
      this.#sweep ??= this.#context.clock.after(PERIOD_MS, () => this.#removeExcess());
    }
    if (after === undefined) return;
    const { nodeName } = after.spec;
    if (nodeName === undefined) {
      // It was never placed, so that no kubelet will end it.
      if (isTerminating(after)) this.#condemn(after);
      return;
    }
    const node = this.#context.view.nodes.get({ name: nodeName });
    if (node === undefined) this.#suspect(nodeName);
    else if (isTerminating(after) && isOutOfService(node)) this.#condemn(after);
  }

  #removeExcess(): void {
    this.#sweep = undefined;
    for (const pod of this.#finished.excess(FINISHED_LIMIT)) this.#condemn(pod);
  }

  /** Gives a node that seems to be gone some time to appear. */
  #suspect(nodeName: string): void {
    if (this.#quarantine.has(nodeName)) return;
    const { clock, view, onError } = this.#context;
    const quarantineMs = Math.min(ORPHAN_QUARANTINE_MS, view.profile.graceMs);
    const timer = clock.after(quarantineMs, () => {
      this.#quarantine.delete(nodeName);
      this.#removeOrphans(nodeName).catch((error: unknown) => {
        onError(error);
        this.#suspect(nodeName);
      });
    });
    this.#quarantine.set(nodeName, timer);
  }

  async #removeOrphans(nodeName: string): Promise<void> {
    const { objects, view } = this.#context;
    if (view.podsOn(nodeName).length === 0 || (await nodeExists(objects, nodeName))) return;
    for (const pod of view.podsOn(nodeName)) this.#condemn(pod);
  }

  #condemn(pod: Pod): void {
    const { uid } = pod.metadata;
    if (this.#condemned.has(uid)) return;
    this.#condemned.set(uid, pod);
    this.#work.request(uid);
  }

  async #remove(uid: string): Promise<void> {
    const { objects } = this.#context;
    const pod = this.#condemned.get(uid);
    if (pod === undefined) return;
    try {
      if (pod.spec.nodeName !== undefined && !isFinished(pod)) await this.#fail(pod);
      await objects.delete(pods, keyOf(pod), { gracePeriodSeconds: 0, preconditions: { uid } });
    } catch (error) {
      // Gone, or another pod by now.
      if (!isReason(error, "NotFound") && !isReason(error, "Conflict")) throw error;
    }
    this.#condemned.delete(uid);
  }

  async #fail(pod: Pod): Promise<void> {
    const { objects, clock } = this.#context;
    const message = "PodGC: node no longer exists";
    const condition = disruptionTarget(DisruptionReason.podGc, message, timestamp(clock.now()));
    await modify(
      objects,
      pods,
      keyOf(pod),
      (now): Pod => {
        if (now.metadata.uid !== pod.metadata.uid || isFinished(now)) return now;
        const marked = withPodCondition(now, condition);
        return { ...marked, status: { ...marked.status, phase: "Failed" } };
      },
      OWN_STATUS,
    );
  }
}

function isTerminating(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined;
}

/** Somebody vouches that the machine is off: its pods need not wait for its kubelet. */
function isOutOfService(node: Node): boolean {
  return !isNodeReady(node) && (node.spec.taints ?? []).some(({ key }) => key === Taint.outOfService);
}
