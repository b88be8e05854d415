import { deepEqual } from "../../api/deep-equal.ts";
import type { ControllerRevision } from "../../api/kinds/controller-revision.ts";
import { type Pod, pods } from "../../api/kinds/pod.ts";
import type { PodTemplate } from "../../api/kinds/pod-template.ts";
import { type StatefulSet, type StatefulSetStatus, statefulSets } from "../../api/kinds/stateful-set.ts";
import type { ControllerContext } from "../controller.ts";
import { BurstRecorder } from "../workloads/burst-recorder.ts";
import { claimObjects } from "../workloads/claim.ts";
import { OwnerQueue } from "../workloads/owner-queue.ts";
import { isNamespaceEnding, PodControl, type PodShape } from "../workloads/pod-control.ts";
import { availableAtMs, isReady } from "../workloads/pod-readiness.ts";
import { REVISION_LABEL, RevisionHistory, templateOf } from "../workloads/revision-history.ts";
import { isHealthy, nextStep, ordinalOf, type Revisions } from "./next-step.ts";
import { SetClaims, withClaims } from "./set-claims.ts";

const POD_NAME_LABEL = "statefulset.kubernetes.io/pod-name";
const POD_INDEX_LABEL = "apps.kubernetes.io/pod-index";

const WORDS = {
  created: (pod: string, owner: string) => `create Pod ${pod} in StatefulSet ${owner} successful`,
  notCreated: (pod: string, owner: string, why: string) =>
    `create Pod ${pod} in StatefulSet ${owner} failed error: ${why}`,
  deleted: (pod: string, owner: string) => `delete Pod ${pod} in StatefulSet ${owner} successful`,
};

/** The loop of the stateful-set controller. */
export class StatefulSetLoop {
  readonly #context: ControllerContext;
  readonly #queue: OwnerQueue<StatefulSet>;
  readonly #control: PodControl<StatefulSet>;
  readonly #history: RevisionHistory<StatefulSet>;
  readonly #claims: SetClaims;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#queue = new OwnerQueue(context, {
      kind: statefulSets,
      sync: (set) => this.#sync(set),
      selectorOf: ({ spec }) => spec.selector,
    });
    const recorder = new BurstRecorder(context, "statefulset-controller");
    this.#control = new PodControl(context, statefulSets, this.#queue, recorder, WORDS);
    this.#history = new RevisionHistory(context, statefulSets);
    this.#claims = new SetClaims(context, recorder);
  }

  async start(): Promise<void> {
    await this.#history.start();
    await this.#claims.start();
    this.#queue.followChildren(this.#context.view.pods);
    await this.#queue.start();
  }

  stop(): void {
    this.#queue.stop();
  }

  async #sync(set: StatefulSet): Promise<void> {
    const { objects, view } = this.#context;
    const claim = { objects, ownerKind: statefulSets, kind: pods, owned: view.ownedPods, queue: this.#queue };
    if (await claimObjects(claim, set, set.spec.selector, (pod) => ordinalOf(set, pod) !== undefined)) return;
    const update = await this.#history.current(set);
    const currentName = set.status.currentRevision ?? update.metadata.name;
    const current = this.#history.of(set).find(({ metadata }) => metadata.name === currentName) ?? update;
    const revisions = { current: current.metadata.name, update: update.metadata.name };
    const owned = [...view.ownedPods.of(set.metadata.uid).values()];
    const error =
      set.metadata.deletionTimestamp === undefined &&
      (await this.#step(
        set,
        owned,
        revisions,
        new Map([current, update].map((one) => [one.metadata.name, one])),
      ));
    await this.#writeStatus(set, owned, revisions);
    const used = new Set([revisions.current, revisions.update, ...owned.map(revisionOf)]);
    await this.#history.truncate(set, used);
    if (error && !isNamespaceEnding(error)) throw error;
  }

  /** @returns the first failure */
  async #step(
    set: StatefulSet,
    owned: readonly Pod[],
    revisions: Revisions,
    byName: ReadonlyMap<string, ControllerRevision>,
  ): Promise<unknown> {
    const step = nextStep(set, owned, revisions, this.#context.clock.now());
    await this.#claims.keep(set, owned);
    const deletion = await this.#control.deleteMany(set, step.delete);
    const failed = await this.#claims.make(
      set,
      step.create.map(({ ordinal }) => ordinal),
    );
    if (failed !== undefined) return failed;
    for (const [name, revision] of byName) {
      const created = step.create.filter((one) => one.revision === name);
      const template = templateOf(revision);
      const shapeOf = (index: number) => shape(set, template, created[index]?.ordinal as number, name);
      const { error } = await this.#control.createMany(set, template, created.length, shapeOf);
      if (error !== undefined) return error;
    }
    return deletion;
  }

  async #writeStatus(set: StatefulSet, owned: readonly Pod[], revisions: Revisions): Promise<void> {
    const { objects, clock } = this.#context;
    const status = statusOf(set, owned, revisions, clock.now());
    this.#awaitAvailability(set, owned);
    if (deepEqual(status, set.status)) return;
    await objects.update<StatefulSet>(statefulSets, { ...set, status }, { subresource: "status" });
  }

  #awaitAvailability({ metadata, spec }: StatefulSet, owned: readonly Pod[]): void {
    const now = this.#context.clock.now();
    for (const pod of owned) {
      const atMs = availableAtMs(pod, spec.minReadySeconds ?? 0);
      if (atMs !== undefined && atMs > now) this.#queue.requestAfter(metadata.uid, atMs - now);
    }
  }
}

function revisionOf({ metadata }: Pod): string {
  return metadata.labels?.[REVISION_LABEL] ?? "";
}

function shape(set: StatefulSet, template: PodTemplate, ordinal: number, revision: string): PodShape {
  const { metadata, spec } = set;
  const volumes = withClaims(set, template.spec.volumes, ordinal);
  const name = `${metadata.name}-${ordinal}`;
  return {
    name,
    labels: { [POD_NAME_LABEL]: name, [POD_INDEX_LABEL]: String(ordinal), [REVISION_LABEL]: revision },
    spec: {
      hostname: name,
      ...(spec.serviceName && { subdomain: spec.serviceName }),
      ...(volumes && { volumes }),
    },
  };
}

function statusOf(
  { metadata, spec, status }: StatefulSet,
  owned: readonly Pod[],
  { current, update }: Revisions,
  now: number,
): StatefulSetStatus {
  const there = owned.filter((pod) => pod.metadata.deletionTimestamp === undefined);
  const of = (revision: string) => there.filter((pod) => revisionOf(pod) === revision).length;
  const ready = owned.filter((pod) => pod.status.phase === "Running" && isReady(pod)).length;
  const available = owned.filter((pod) => isHealthy(pod, spec.minReadySeconds ?? 0, now)).length;
  const isDone =
    spec.updateStrategy.type === "RollingUpdate" && of(update) === owned.length && ready === owned.length;
  const counts = {
    readyReplicas: ready,
    currentReplicas: isDone ? of(update) : of(current),
    updatedReplicas: of(update),
  };
  return {
    observedGeneration: metadata.generation ?? 0,
    replicas: owned.length,
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    availableReplicas: available,
    currentRevision: isDone ? update : current,
    updateRevision: update,
    collisionCount: status.collisionCount ?? 0,
  };
}
