import { isReason } from "../../api/errors.ts";
import type { Kind } from "../../api/kind.ts";
import { type Pod, pods } from "../../api/kinds/pod.ts";
import type { PodTemplate } from "../../api/kinds/pod-template.ts";
import { type Draft, type KubeObject, keyOf, type OwnerReference } from "../../api/meta.ts";
import { controllerReference } from "../../api/owner-references.ts";
import type { Mutable } from "../../lib/mutable.ts";
import type { ControllerContext } from "../controller.ts";
import type { BurstRecorder } from "./burst-recorder.ts";
import type { OwnerQueue } from "./owner-queue.ts";
import { slowStart } from "./slow-start.ts";

/** Changes that a workload makes to its template for one pod. */
export interface PodShape {
  /** Given name; otherwise one is generated from `namePrefix`, or the owner's name. */
  readonly name?: string;
  readonly namePrefix?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly spec?: Partial<Pod["spec"]>;
}

/** What events say of pods and their owner. */
export interface PodWords {
  created(pod: string, owner: string): string;
  notCreated(pod: string, owner: string, why: string): string;
  deleted(pod: string, owner: string): string;
}

const USUAL_WORDS: PodWords = {
  created: (pod) => `Created pod: ${pod}`,
  notCreated: (_pod, _owner, why) => `Error creating: ${why}`,
  deleted: (pod) => `Deleted pod: ${pod}`,
};

/** Makes and deletes the pods of workloads, with the events and the bookkeeping that belong to it. */
export class PodControl<T extends KubeObject> {
  readonly #context: ControllerContext;
  readonly #kind: Kind<T>;
  readonly #queue: OwnerQueue<T>;
  readonly #recorder: BurstRecorder;
  readonly #words: PodWords;

  constructor(
    context: ControllerContext,
    kind: Kind<T>,
    queue: OwnerQueue<T>,
    recorder: BurstRecorder,
    words = USUAL_WORDS,
  ) {
    this.#words = words;
    this.#context = context;
    this.#kind = kind;
    this.#queue = queue;
    this.#recorder = recorder;
  }

  /**
   * Creates pods in growing batches; ends at the first failure.
   * @returns the failure, if there was one that the owner should hear of
   */
  async createMany(owner: T, template: PodTemplate, count: number, shapeOf: (index: number) => PodShape) {
    const { uid } = owner.metadata;
    const reference = controllerReference(this.#kind, owner);
    this.#queue.expectations.expectCreations(uid, count, this.#context.clock.monotonicMs());
    const { succeeded, error } = await slowStart(count, (index) =>
      this.#create(owner, podFrom(owner, reference, template, shapeOf(index))),
    );
    // What failed or was not tried any more will never be seen.
    this.#queue.expectations.created(uid, count - succeeded);
    return { created: succeeded, error };
  }

  /** Deletes pods, all at once. @returns the first failure */
  async deleteMany(owner: T, doomed: readonly Pod[]): Promise<unknown> {
    const { uid } = owner.metadata;
    const uids = doomed.map(({ metadata }) => metadata.uid);
    this.#queue.expectations.expectDeletions(uid, uids, this.#context.clock.monotonicMs());
    const results = await Promise.allSettled(doomed.map((pod) => this.#delete(owner, pod)));
    return results.find((result) => result.status === "rejected")?.reason;
  }

  async #create(owner: T, draft: Draft<Pod>): Promise<void> {
    try {
      const pod = await this.#context.objects.create<Pod>(pods, draft);
      this.#recorder.record(
        owner,
        "Normal",
        "SuccessfulCreate",
        this.#words.created(pod.metadata.name, owner.metadata.name),
      );
    } catch (error) {
      if (!isNamespaceEnding(error)) {
        const { name = "" } = draft.metadata;
        const text = this.#words.notCreated(name, owner.metadata.name, messageOf(error));
        this.#recorder.record(owner, "Warning", "FailedCreate", text);
      }
      throw error;
    }
  }

  async #delete(owner: T, pod: Pod): Promise<void> {
    const { uid, name } = pod.metadata;
    try {
      await this.#context.objects.delete(pods, keyOf(pod), { preconditions: { uid } });
      this.#recorder.record(
        owner,
        "Normal",
        "SuccessfulDelete",
        this.#words.deleted(name, owner.metadata.name),
      );
    } catch (error) {
      this.#queue.expectations.deleted(owner.metadata.uid, uid);
      if (isReason(error, "NotFound") || isReason(error, "Conflict")) return;
      this.#recorder.record(owner, "Warning", "FailedDelete", `Error deleting: ${messageOf(error)}`);
      throw error;
    }
  }
}

/** True when nothing can be created because the namespace is being emptied; nobody need hear of that. */
export function isNamespaceEnding(error: unknown): boolean {
  return isReason(error, "Forbidden") && messageOf(error).includes("because it is being terminated");
}

/** The sentence of a failure. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function podFrom(
  owner: KubeObject,
  reference: OwnerReference,
  template: PodTemplate,
  shape: PodShape,
): Draft<Pod> {
  const { namespace, name } = owner.metadata;
  const { metadata = {} } = template;
  const finalizers = shape.finalizers ?? metadata.finalizers;
  const labels =
    shape.labels === undefined ? (metadata.labels ?? {}) : { ...metadata.labels, ...shape.labels };
  // Field by field: see src/lib/extend.ts.
  const given: Mutable<Draft<Pod>["metadata"]> =
    shape.name === undefined ? { generateName: shape.namePrefix ?? `${name}-` } : { name: shape.name };
  if (namespace !== undefined) given.namespace = namespace;
  given.labels = labels;
  if (metadata.annotations ?? shape.annotations) {
    given.annotations = { ...metadata.annotations, ...shape.annotations };
  }
  given.ownerReferences = [reference];
  if (finalizers) given.finalizers = finalizers;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: given,
    spec: shape.spec === undefined ? template.spec : { ...template.spec, ...shape.spec },
    status: { phase: "Pending" },
  };
}
