import { isReason } from "../../api/errors.ts";
import { withMachineLabels } from "../../api/kinds/machine-labels.ts";
import { isNodeReady, type Node, nodes } from "../../api/kinds/node.ts";
import { isFinished, type Pod } from "../../api/kinds/pod.ts";
import { keyOf } from "../../api/meta.ts";
import { modify } from "../../api/modify.ts";
import { OWN_STATUS } from "../../api/objects.ts";
import type { RunningPod } from "../agent.ts";
import type { Host } from "./host.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import { isWellReported, withKubeletStatus } from "./node-report.ts";
import { NodeRoom, type Rejection } from "./node-room.ts";
import { podOfUid } from "./pod-lookup.ts";
import type { PodPlace } from "./pod-place.ts";
import { asAllocated, type ResizePending } from "./pod-resize.ts";
import { PodRun } from "./pod-run.ts";
import { Writer } from "./writer.ts";

/** `absent`: there is no such Node, or another agent runs it. */
export type Power = "absent" | "up" | "hung" | "crashed";

/** A machine that does not come up tries again this much later. */
const RETRY_DELAY_MS = 1_000;

/** One simulated machine: the Node's kubelet and all pods bound to it. */
export class Machine implements PodPlace {
  readonly host: Host;
  readonly nodeName: string;
  readonly images = new Set<string>();
  readonly #runs = new Map<string, PodRun>();
  readonly #room = new NodeRoom();
  /** Uids of pods that wait for what they were resized to, in the order in which they asked. */
  readonly #deferred = new Set<string>();
  readonly #lease: LeaseKeeper;
  readonly #report: Writer;
  #node: Node | undefined;
  #power: Power = "absent";
  #isActive = false;
  /** Counts changes of power, so that what began before one does not go on after it. */
  #epoch = 0;

  constructor(host: Host, nodeName: string) {
    this.host = host;
    this.nodeName = nodeName;
    this.#lease = new LeaseKeeper(host, nodeName);
    this.#report = new Writer(host, () => this.#postStatus());
  }

  get isActive(): boolean {
    return this.#isActive;
  }

  get address(): string {
    const known = this.#node?.status.addresses?.find(({ type }) => type === "InternalIP")?.address;
    return this.host.addresses.ofNode(this.nodeName, known);
  }

  get power(): Power {
    return this.#power;
  }

  /** The pod of a uid, if it is this machine's. */
  run(uid: string): PodRun | undefined {
    return this.#runs.get(uid);
  }

  /** True when neither a Node nor a pod needs this machine. */
  get isForgettable(): boolean {
    return this.#node === undefined && this.#runs.size === 0;
  }

  /** The Node as it is now (undefined: gone, or not this agent's) and what its faults make of the machine. */
  update(node: Node | undefined, health: "well" | "hung" | "crashed"): void {
    const isOther = this.#node !== undefined && node?.metadata.uid !== this.#node.metadata.uid;
    if (isOther) this.#switch("absent");
    this.#node = node;
    const power = node === undefined ? "absent" : health === "well" ? "up" : health;
    if (power !== this.#power) this.#switch(power);
    else if (this.#isActive && node !== undefined && needsReport(node)) this.#report.request();
  }

  podChanged(pod: Pod): void {
    const { uid } = pod.metadata;
    const run = this.#runs.get(uid);
    // What it takes is free before anybody else comes.
    if (isFinished(pod)) this.#free(uid);
    else if (run === undefined && pod.status.startTime !== undefined) this.#room.take(asAllocated(pod));
    if (run !== undefined) {
      run.update(pod);
      return;
    }
    const fresh = new PodRun(pod, this, this.#power === "crashed");
    this.#runs.set(uid, fresh);
    fresh.proceed();
  }

  addressFor({ spec }: Pod): string {
    return spec.hostNetwork === true ? this.address : this.host.addresses.nextPod();
  }

  admit(pod: Pod): Rejection | undefined {
    const node = this.#node && withKubeletStatus(this.#node, this.address, this.host.clock.now());
    return node && this.#room.admit(pod, node);
  }

  resize(pod: Pod): ResizePending | undefined {
    const { uid } = pod.metadata;
    const pending = this.#node && this.#room.resize(pod, this.#node);
    if (pending === undefined) this.#deferred.delete(uid);
    else this.#deferred.add(uid);
    return pending;
  }

  podGone(uid: string): void {
    this.#runs.get(uid)?.drop();
    this.#runs.delete(uid);
    this.#free(uid);
  }

  /** What pods wait for that were resized beyond the room there was may be there now. */
  #free(uid: string): void {
    this.#room.release(uid);
    this.#deferred.delete(uid);
    for (const waiting of [...this.#deferred]) this.#runs.get(waiting)?.retryResize();
  }

  followProfile(): void {
    this.#lease.followProfile();
  }

  /** The Node, while its kubelet can be asked what it measures. */
  get measuredNode(): Node | undefined {
    return this.#isActive ? this.#node : undefined;
  }

  /** The pods whose containers run, while the kubelet can be asked. */
  *workingPods(): Generator<Pod> {
    if (!this.#isActive) return;
    for (const { hasContainers, pod } of this.#runs.values()) if (hasContainers) yield pod;
  }

  /** Whether the containers of the pod run, while the kubelet can be asked. */
  isWorking(uid: string): boolean {
    return this.#isActive && this.#runs.get(uid)?.hasContainers === true;
  }

  *runningPods(): Generator<RunningPod> {
    if (!this.#isActive) return;
    for (const { hasContainers, pod } of this.#runs.values()) {
      const { namespace = "", name, uid } = pod.metadata;
      if (hasContainers) yield { namespace, name, uid, nodeName: this.nodeName };
    }
  }

  halt(): void {
    this.#isActive = false;
    for (const run of this.#runs.values()) run.freeze();
  }

  #switch(power: Power): void {
    const before = this.#power;
    // A machine that has lost its memory does not find it again by a change of faults.
    this.#power = before === "crashed" && power === "hung" ? "crashed" : power;
    this.#epoch++;
    this.#isActive = false;
    switch (this.#power) {
      case "up":
        this.#comeUp(this.#epoch).catch(this.host.onError);
        return;
      case "hung":
        for (const run of this.#runs.values()) run.freeze();
        this.#lease.stop();
        return;
      case "crashed":
        for (const run of this.#runs.values()) run.lose();
        this.#lease.stop();
        return;
      case "absent":
        for (const run of this.#runs.values()) run.lose();
        this.host.addresses.releaseNode(this.nodeName);
        if (this.#node !== undefined) this.#lease.remove();
    }
  }

  /** First gets rid of the pods that are not its own any more, then reports for duty, then goes on. */
  async #comeUp(epoch: number): Promise<void> {
    try {
      await Promise.all([...this.#runs.values()].map((run) => this.#verify(run, epoch)));
    } catch (error) {
      this.host.onError(error);
      this.host.clock.after(RETRY_DELAY_MS, () => {
        if (epoch === this.#epoch && this.host.isRunning()) this.#comeUp(epoch).catch(this.host.onError);
      });
      return;
    }
    if (epoch !== this.#epoch || this.#node === undefined || !this.host.isRunning()) return;
    this.#isActive = true;
    this.#lease.renew(this.#node);
    this.#report.request();
    for (const run of [...this.#runs.values()]) run.resume();
  }

  async #verify(run: PodRun, epoch: number): Promise<void> {
    const { uid } = run.pod.metadata;
    const pod = await podOfUid(this.host.objects, keyOf(run.pod), uid);
    if (epoch !== this.#epoch) return;
    if (pod === undefined || pod.spec.nodeName !== this.nodeName) this.podGone(uid);
    else run.update(pod);
  }

  async #postStatus(): Promise<void> {
    const { objects, clock, recorder } = this.host;
    if (!this.#isActive || this.#node === undefined) return;
    const key = { name: this.nodeName };
    const wasReady = isNodeReady(this.#node);
    try {
      await modify(objects, nodes, key, withMachineLabels);
      const report = (node: Node) => withKubeletStatus(node, this.address, clock.now());
      const node = await modify(objects, nodes, key, report, OWN_STATUS);
      if (wasReady || !isNodeReady(node)) return;
      recorder.record(node, "Normal", "NodeReady", `Node ${this.nodeName} status is now: NodeReady`, {
        host: this.nodeName,
      });
    } catch (error) {
      if (!isReason(error, "NotFound")) throw error;
    }
  }
}

function needsReport(node: Node): boolean {
  return !isWellReported(node) || withMachineLabels(node) !== node;
}
