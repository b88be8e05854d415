import { deepEqual } from "../../api/deep-equal.ts";
import { ApiError, isReason } from "../../api/errors.ts";
import { type Deployment, type DeploymentCondition, deployments } from "../../api/kinds/deployment.ts";
import type { PodTemplate } from "../../api/kinds/pod-template.ts";
import { type ReplicaSet, replicaSets } from "../../api/kinds/replica-set.ts";
import { type Draft, keyOf } from "../../api/meta.ts";
import { modify } from "../../api/modify.ts";
import { controllerOf } from "../../api/owner-references.ts";
import type { ControllerContext } from "../controller.ts";
import type { BurstRecorder } from "../workloads/burst-recorder.ts";
import { isNamespaceEnding, messageOf } from "../workloads/pod-control.ts";
import {
  condition,
  conditionOf,
  deploymentStatus,
  rolloutStatus,
  withCondition,
} from "./deployment-status.ts";
import {
  asRevision,
  findNewSet,
  newSetDraft,
  nextRevision,
  REVISION,
  revisionOf,
  withReplicasAnnotations,
} from "./revisions.ts";
import { maxSurge, newSetReplicas } from "./rollout-math.ts";

/** One look at a Deployment and its ReplicaSets; it remembers what it writes, for the next step. */
export class Rollout {
  deployment: Deployment;
  newSet: ReplicaSet | undefined;
  /** All but the newest. */
  old: ReplicaSet[];
  readonly #context: ControllerContext;
  readonly #recorder: BurstRecorder;

  constructor(
    context: ControllerContext,
    recorder: BurstRecorder,
    deployment: Deployment,
    sets: readonly ReplicaSet[],
  ) {
    this.#context = context;
    this.#recorder = recorder;
    this.deployment = deployment;
    this.newSet = findNewSet(deployment, sets);
    this.old = sets.filter((set) => set !== this.newSet);
  }

  get all(): readonly ReplicaSet[] {
    return this.newSet === undefined ? this.old : [...this.old, this.newSet];
  }

  /** Gives the newest ReplicaSet its revision, and makes it when there is none and `create` says so. */
  async ensureNewSet(create: boolean): Promise<void> {
    const revision = nextRevision(this.old);
    if (this.newSet === undefined) {
      if (create) await this.#createNewSet(revision);
      return;
    }
    const numbered = asRevision(this.newSet, this.deployment, revision);
    if (numbered !== this.newSet) this.newSet = await this.#update(numbered);
    await this.#numberDeployment();
    if (conditionOf(this.deployment.status, "Progressing") !== undefined) return;
    const message = `Found new replica set "${this.newSet.metadata.name}"`;
    await this.#setCondition("Progressing", "True", "FoundNewReplicaSet", message);
  }

  /** @returns true when the size changed */
  async scale(set: ReplicaSet, size: number): Promise<boolean> {
    if (set.spec.replicas === size) return false;
    await this.resize(set, size);
    return true;
  }

  /** Sets size and annotations, and records a change of size. */
  async resize(set: ReplicaSet, size: number): Promise<void> {
    const { replicas } = this.deployment.spec;
    const noted = withReplicasAnnotations(set, replicas, replicas + maxSurge(this.deployment));
    const before = set.spec.replicas;
    if (noted === set && before === size) return;
    const scaled = await this.#update({ ...noted, spec: { ...noted.spec, replicas: size } });
    if (set === this.newSet) this.newSet = scaled;
    else this.old = this.old.map((other) => (other === set ? scaled : other));
    if (before !== size) this.#recordScaling(scaled.metadata.name, before, size);
  }

  /** Writes counts and conditions; `withProgress` false leaves condition Progressing as it is. */
  async writeStatus(withProgress: boolean): Promise<void> {
    const { clock, objects } = this.#context;
    const of = withProgress ? rolloutStatus : deploymentStatus;
    const status = of(this.deployment, this.all, this.newSet, clock.now());
    if (deepEqual(status, this.deployment.status)) return;
    const subresource = { subresource: "status" } as const;
    this.deployment = await objects.update<Deployment>(
      deployments,
      { ...this.deployment, status },
      subresource,
    );
  }

  async #createNewSet(revision: number): Promise<void> {
    const { deployment } = this;
    const most = deployment.spec.replicas + maxSurge(deployment);
    const replicas = newSetReplicas(deployment, this.old, 0);
    const draft = newSetDraft(deployment, { replicas, most }, revision);
    try {
      this.newSet = await this.#context.objects.create<ReplicaSet>(replicaSets, draft);
    } catch (error) {
      if (isReason(error, "AlreadyExists")) await this.#meet(draft, error);
      else await this.#reportFailure(draft, error);
      return;
    }
    const { name } = this.newSet.metadata;
    if (replicas > 0) this.#recordScaling(name, 0, replicas);
    await this.#numberDeployment();
    const message = `Created new replica set "${name}"`;
    await this.#setCondition("Progressing", "True", "NewReplicaSetCreated", message);
  }

  /** The name is taken: by the very set that the local copy does not show yet, or by one with another template. */
  async #meet(draft: Draft<ReplicaSet>, error: unknown): Promise<void> {
    const { name, namespace } = draft.metadata;
    const key = { name: name as string, ...(namespace !== undefined && { namespace }) };
    const there = await this.#context.objects.get(replicaSets, key);
    const isOwn = controllerOf(there)?.uid === this.deployment.metadata.uid;
    if (isOwn && hasTemplate(there, draft.spec.template)) {
      this.newSet = there;
      return;
    }
    const { status } = this.deployment;
    await this.#writeOwnStatus({ ...status, collisionCount: (status.collisionCount ?? 0) + 1 });
    throw error;
  }

  async #reportFailure(draft: Draft<ReplicaSet>, error: unknown): Promise<void> {
    if (error instanceof ApiError && !isNamespaceEnding(error)) {
      const text = `Failed to create new replica set "${draft.metadata.name}": ${messageOf(error)}`;
      this.#recorder.record(this.deployment, "Warning", "ReplicaSetCreateError", text);
      await this.#setCondition("Progressing", "False", "ReplicaSetCreateError", text);
    }
    throw error;
  }

  /** The Deployment carries the number of its newest revision, for `kubectl rollout`. */
  async #numberDeployment(): Promise<void> {
    const revision = String(revisionOf(this.newSet as ReplicaSet));
    const { metadata } = this.deployment;
    if (metadata.annotations?.[REVISION] === revision) return;
    const annotations = { [REVISION]: revision };
    this.deployment = await this.#context.objects.patch(deployments, keyOf(this.deployment), {
      type: "merge",
      patch: { metadata: { uid: metadata.uid, annotations } },
    });
  }

  /** Writes one condition at once. */
  async setProgress(status: DeploymentCondition["status"], reason: string, message: string): Promise<void> {
    await this.#setCondition("Progressing", status, reason, message);
  }

  async #setCondition(
    type: string,
    is: DeploymentCondition["status"],
    reason: string,
    message: string,
  ): Promise<void> {
    const { status } = this.deployment;
    const next = condition(type, is, reason, message, this.#context.clock.now());
    const conditions = withCondition(status.conditions ?? [], next);
    if (conditions !== status.conditions) await this.#writeOwnStatus({ ...status, conditions });
  }

  /** Of the version that is there now: nobody else writes this part. */
  async #writeOwnStatus(status: Deployment["status"]): Promise<void> {
    const { uid } = this.deployment.metadata;
    this.deployment = await modify(
      this.#context.objects,
      deployments,
      keyOf(this.deployment),
      (now) => (now.metadata.uid === uid ? { ...now, status } : now),
      { subresource: "status" },
    );
  }

  #update(set: ReplicaSet): Promise<ReplicaSet> {
    return this.#context.objects.update<ReplicaSet>(replicaSets, set);
  }

  #recordScaling(name: string, before: number, after: number): void {
    const text = `Scaled ${after > before ? "up" : "down"} replica set ${name} from ${before} to ${after}`;
    this.#recorder.record(this.deployment, "Normal", "ScalingReplicaSet", text);
  }
}

function hasTemplate(set: ReplicaSet, template: PodTemplate): boolean {
  return deepEqual(set.spec.template, template);
}
