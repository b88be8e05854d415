import { isReason } from "../../api/errors.ts";
import { type Deployment, deployments } from "../../api/kinds/deployment.ts";
import { isFinished, type Pod } from "../../api/kinds/pod.ts";
import { type ReplicaSet, replicaSets } from "../../api/kinds/replica-set.ts";
import { keyOf } from "../../api/meta.ts";
import { controllerOf } from "../../api/owner-references.ts";
import type { ControllerContext } from "../controller.ts";
import { OwnedObjects } from "../owned-objects.ts";
import type { SharedInformer } from "../shared-informer.ts";
import { BurstRecorder } from "../workloads/burst-recorder.ts";
import { claimObjects } from "../workloads/claim.ts";
import { OwnerQueue } from "../workloads/owner-queue.ts";
import {
  conditionOf,
  hasDeadline,
  isComplete,
  PAUSED,
  TIMED_OUT,
  timesOutAtMs,
} from "./deployment-status.ts";
import { desiredReplicasOf, revisionOf } from "./revisions.ts";
import { Rollout } from "./rollout.ts";
import { newSetReplicas, proportionalSizes, scaledDownSets } from "./rollout-math.ts";

/** The loop of the deployment controller. */
export class DeploymentLoop {
  readonly #context: ControllerContext;
  readonly #queue: OwnerQueue<Deployment>;
  readonly #recorder: BurstRecorder;
  readonly #leave: (() => void)[] = [];
  #sets: SharedInformer<ReplicaSet> | undefined;
  #owned: OwnedObjects<ReplicaSet> | undefined;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#recorder = new BurstRecorder(context, "deployment-controller");
    this.#queue = new OwnerQueue(context, {
      kind: deployments,
      sync: (deployment) => this.#sync(deployment),
      selectorOf: ({ spec }) => spec.selector,
    });
  }

  async start(): Promise<void> {
    const { view } = this.#context;
    this.#sets = await view.follow(replicaSets);
    this.#owned = new OwnedObjects(this.#sets);
    this.#queue.followChildren(this.#sets);
    this.#leave.push(view.pods.join({ changed: (before, after) => this.#podChanged(before, after) }));
    await this.#queue.start();
  }

  stop(): void {
    for (const leave of this.#leave) leave();
    this.#queue.stop();
  }

  /** Strategy Recreate waits for the last pod of the old templates to be gone. */
  #podChanged(before: Pod | undefined, after: Pod | undefined): void {
    const owner = before && after === undefined ? controllerOf(before) : undefined;
    if (owner?.kind !== "ReplicaSet" || before === undefined) return;
    const set = this.#sets?.get({ ...keyOf(before), name: owner.name });
    const uid = set && controllerOf(set)?.uid;
    if (uid === undefined || this.#queue.get(uid)?.spec.strategy.type !== "Recreate") return;
    this.#queue.request(uid);
  }

  async #sync(deployment: Deployment): Promise<void> {
    const { objects, clock } = this.#context;
    const { uid, deletionTimestamp } = deployment.metadata;
    const owned = this.#owned as OwnedObjects<ReplicaSet>;
    const claim = { objects, ownerKind: deployments, kind: replicaSets, owned, queue: this.#queue };
    if (await claimObjects(claim, deployment, deployment.spec.selector)) return;
    const rollout = new Rollout(this.#context, this.#recorder, deployment, [...owned.of(uid).values()]);
    if (deletionTimestamp !== undefined) {
      await rollout.writeStatus(false);
      return;
    }
    await this.#rollOut(rollout);
    const atMs = timesOutAtMs(rollout.deployment, rollout.deployment.status);
    if (atMs !== undefined) this.#queue.requestAfter(uid, Math.max(1_000, atMs + 1_000 - clock.now()));
  }

  async #rollOut(rollout: Rollout): Promise<void> {
    await notePause(rollout);
    const { spec } = rollout.deployment;
    if (spec.paused || isBeingScaled(rollout)) {
      await rollout.ensureNewSet(false);
      await keepProportions(rollout);
      if (spec.paused) await this.#cleanUp(rollout);
      await rollout.writeStatus(false);
      return;
    }
    if (spec.strategy.type === "Recreate") await this.#recreate(rollout);
    else await this.#roll(rollout);
    await rollout.writeStatus(true);
  }

  async #roll(rollout: Rollout): Promise<void> {
    await rollout.ensureNewSet(true);
    if (await scaleNewSet(rollout)) return;
    const { deployment, old, newSet } = rollout;
    let scaled = false;
    for (const [set, size] of scaledDownSets(deployment, old, newSet)) {
      scaled = (await rollout.scale(set, size)) || scaled;
    }
    if (!scaled && isComplete(deployment, deployment.status)) await this.#cleanUp(rollout);
  }

  async #recreate(rollout: Rollout): Promise<void> {
    await rollout.ensureNewSet(false);
    let scaled = false;
    for (const set of rollout.old) scaled = (await rollout.scale(set, 0)) || scaled;
    if (scaled || this.#runsOldPods(rollout)) return;
    await rollout.ensureNewSet(true);
    await scaleNewSet(rollout);
    if (isComplete(rollout.deployment, rollout.deployment.status)) await this.#cleanUp(rollout);
  }

  #runsOldPods({ old }: Rollout): boolean {
    const { ownedPods } = this.#context.view;
    return old.some(({ metadata }) =>
      [...ownedPods.of(metadata.uid).values()].some((pod) => !isFinished(pod)),
    );
  }

  /** Old ReplicaSets are kept for undo, but not more of them than the limit. */
  async #cleanUp({ deployment, old }: Rollout): Promise<void> {
    const kept = old.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    const excess = kept.length - deployment.spec.revisionHistoryLimit;
    if (excess <= 0) return;
    const byRevision = kept.sort((a, b) => revisionOf(a) - revisionOf(b));
    for (const set of byRevision.slice(0, excess)) {
      const { metadata, spec, status } = set;
      const isIdle = spec.replicas === 0 && status.replicas === 0;
      if (!isIdle || (metadata.generation ?? 0) > (status.observedGeneration ?? 0)) continue;
      try {
        const preconditions = { uid: metadata.uid };
        await this.#context.objects.delete(replicaSets, keyOf(set), { preconditions });
      } catch (error) {
        if (!isReason(error, "NotFound") && !isReason(error, "Conflict")) throw error;
      }
    }
  }
}

/** The clock of the deadline stands still while a Deployment is paused. */
async function notePause(rollout: Rollout): Promise<void> {
  const { spec, status } = rollout.deployment;
  if (!hasDeadline(rollout.deployment)) return;
  const reason = conditionOf(status, "Progressing")?.reason;
  if (reason === TIMED_OUT) return;
  if (spec.paused && reason !== PAUSED) {
    await rollout.setProgress("Unknown", PAUSED, "Deployment is paused");
  } else if (!spec.paused && reason === PAUSED) {
    await rollout.setProgress("Unknown", "DeploymentResumed", "Deployment is resumed");
  }
}

/** True when a ReplicaSet was last scaled for another number of replicas. */
function isBeingScaled({ deployment, all }: Rollout): boolean {
  return all.some((set) => {
    const desired = desiredReplicasOf(set);
    return set.spec.replicas > 0 && desired !== undefined && desired !== deployment.spec.replicas;
  });
}

function scaleNewSet(rollout: Rollout): Promise<boolean> {
  const { deployment, all, newSet } = rollout;
  if (newSet === undefined) return Promise.resolve(false);
  const { replicas } = deployment.spec;
  const current = newSet.spec.replicas;
  const size = current > replicas ? replicas : newSetReplicas(deployment, all, current);
  return rollout.scale(newSet, size);
}

/** Spreads a change of the number of replicas over the ReplicaSets, without going on with the rollout. */
async function keepProportions(rollout: Rollout): Promise<void> {
  const { deployment, newSet } = rollout;
  const { replicas, strategy } = deployment.spec;
  const only = onlyActive(rollout);
  if (only !== undefined) {
    await rollout.scale(only, replicas);
    return;
  }
  if (newSet !== undefined && isSaturated(newSet, replicas)) {
    for (const set of rollout.old) await rollout.scale(set, 0);
    return;
  }
  if (strategy.type !== "RollingUpdate") return;
  const active = rollout.all.filter(({ spec }) => spec.replicas > 0);
  for (const [set, size] of proportionalSizes(deployment, active)) await rollout.resize(set, size);
}

/** The one ReplicaSet with pods; without any, the newest there is. */
function onlyActive({ all, old, newSet }: Rollout): ReplicaSet | undefined {
  const active = all.filter(({ spec }) => spec.replicas > 0);
  if (active.length > 0) return active.length === 1 ? active[0] : undefined;
  return newSet ?? [...old].sort((a, b) => revisionOf(b) - revisionOf(a))[0];
}

function isSaturated(set: ReplicaSet, replicas: number): boolean {
  const isFull = set.spec.replicas === replicas && (set.status.availableReplicas ?? 0) === replicas;
  return isFull && desiredReplicasOf(set) === replicas;
}
