import { deepEqual } from "../../api/deep-equal.ts";
import { type DaemonSet, daemonSets } from "../../api/kinds/daemon-set.ts";
import type { Node } from "../../api/kinds/node.ts";
import { type Pod, pods } from "../../api/kinds/pod.ts";
import { keyOf, keyText } from "../../api/meta.ts";
import type { ControllerContext } from "../controller.ts";
import { BurstRecorder } from "../workloads/burst-recorder.ts";
import { claimObjects } from "../workloads/claim.ts";
import { OwnerQueue } from "../workloads/owner-queue.ts";
import { isNamespaceEnding, PodControl } from "../workloads/pod-control.ts";
import { availableAtMs, isActive } from "../workloads/pod-readiness.ts";
import { hashOf, REVISION_LABEL, RevisionHistory } from "../workloads/revision-history.ts";
import { planDaemons } from "./daemon-plan.ts";
import { specForNode } from "./node-fit.ts";

/** Pods that one look creates at most. */
const BURST = 250;

/** The loop of the daemon-set controller. */
export class DaemonSetLoop {
  readonly #context: ControllerContext;
  readonly #queue: OwnerQueue<DaemonSet>;
  readonly #control: PodControl<DaemonSet>;
  readonly #recorder: BurstRecorder;
  readonly #history: RevisionHistory<DaemonSet>;
  readonly #leave: (() => void)[] = [];
  #nodesChanged = false;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#queue = new OwnerQueue(context, {
      kind: daemonSets,
      sync: (set) => this.#sync(set),
      selectorOf: ({ spec }) => spec.selector,
    });
    this.#recorder = new BurstRecorder(context, "daemonset-controller");
    this.#control = new PodControl(context, daemonSets, this.#queue, this.#recorder);
    this.#history = new RevisionHistory(context, daemonSets);
  }

  async start(): Promise<void> {
    const { view } = this.#context;
    await this.#history.start();
    this.#queue.followChildren(view.pods);
    await this.#queue.start();
    this.#leave.push(
      view.nodes.join({
        changed: (before, after) => this.#nodeChanged(before, after),
        settled: () => this.#lookAtAll(),
      }),
    );
  }

  stop(): void {
    for (const leave of this.#leave) leave();
    this.#queue.stop();
  }

  /** Only what decides where pods go is of interest, not every heartbeat. */
  #nodeChanged(before: Node | undefined, after: Node | undefined): void {
    if (before?.spec.taints === after?.spec.taints && before?.metadata.labels === after?.metadata.labels) {
      if (before !== undefined && after !== undefined) return;
    }
    this.#nodesChanged = true;
  }

  #lookAtAll(): void {
    if (!this.#nodesChanged) return;
    this.#nodesChanged = false;
    for (const { metadata } of this.#queue.values()) this.#queue.request(metadata.uid);
  }

  async #sync(set: DaemonSet): Promise<void> {
    const { objects, view, clock } = this.#context;
    const { uid, deletionTimestamp } = set.metadata;
    const claim = { objects, ownerKind: daemonSets, kind: pods, owned: view.ownedPods, queue: this.#queue };
    if (await claimObjects(claim, set, set.spec.selector, isActive)) return;
    const revision = await this.#history.current(set);
    const hash = hashOf(revision);
    const owned = [...view.ownedPods.of(uid).values()];
    const plan = planDaemons(set, view.nodes.values(), owned, hash, clock.now());
    let error: unknown;
    if (deletionTimestamp === undefined) {
      for (const pod of plan.ended) this.#recordEnded(set, pod);
      error = await this.#control.deleteMany(set, plan.delete);
      error ??= await this.#create(set, plan.create.slice(0, BURST), hash);
    }
    if (!deepEqual(plan.status, set.status)) {
      const changed = { ...set, status: plan.status };
      await objects.update<DaemonSet>(daemonSets, changed, { subresource: "status" });
    }
    const hashes = new Set(owned.map(({ metadata }) => metadata.labels?.[REVISION_LABEL]));
    const used = this.#history.of(set).filter((one) => one === revision || hashes.has(hashOf(one)));
    await this.#history.truncate(set, new Set(used.map(({ metadata }) => metadata.name)));
    this.#awaitAvailability(set, owned);
    if (error && !isNamespaceEnding(error)) throw error;
  }

  async #create(set: DaemonSet, nodeNames: readonly string[], hash: string): Promise<unknown> {
    const { template } = set.spec;
    const shapeOf = (index: number) => ({
      labels: { [REVISION_LABEL]: hash },
      spec: specForNode(template.spec, nodeNames[index] as string),
    });
    return (await this.#control.createMany(set, template, nodeNames.length, shapeOf)).error;
  }

  #recordEnded(set: DaemonSet, pod: Pod): void {
    const isFailed = pod.status.phase === "Failed";
    const which = `daemon pod ${keyText(keyOf(pod))} on node ${pod.spec.nodeName ?? ""}, will try to `;
    if (isFailed) {
      this.#recorder.record(set, "Warning", "FailedDaemonPod", `Found failed ${which}kill it`);
    } else {
      this.#recorder.record(set, "Normal", "SucceededDaemonPod", `Found succeeded ${which}delete it`);
    }
  }

  #awaitAvailability({ metadata, spec }: DaemonSet, owned: readonly Pod[]): void {
    if (!spec.minReadySeconds) return;
    const now = this.#context.clock.now();
    for (const pod of owned) {
      const atMs = availableAtMs(pod, spec.minReadySeconds);
      if (atMs !== undefined && atMs > now) this.#queue.requestAfter(metadata.uid, atMs - now);
    }
  }
}
