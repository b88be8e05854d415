import { contentHash } from "../../api/content-hash.ts";
import { deepEqual } from "../../api/deep-equal.ts";
import { isReason } from "../../api/errors.ts";
import type { Kind } from "../../api/kind.ts";
import { type ControllerRevision, controllerRevisions } from "../../api/kinds/controller-revision.ts";
import type { PodTemplate } from "../../api/kinds/pod-template.ts";
import { type KubeObject, keyOf } from "../../api/meta.ts";
import { controllerReference } from "../../api/owner-references.ts";
import type { ControllerContext } from "../controller.ts";
import { OwnedObjects } from "../owned-objects.ts";

/** On the pods of a revision: which one. */
export const REVISION_LABEL = "controller-revision-hash";
const HASH_LABEL = "controller.kubernetes.io/hash";

/** An owner that keeps the templates it has had. */
export interface Revised extends KubeObject {
  readonly spec: { readonly template: PodTemplate; readonly revisionHistoryLimit: number };
}

/** The earlier templates of StatefulSets and DaemonSets, as ControllerRevisions. */
export class RevisionHistory<T extends Revised> {
  readonly #context: ControllerContext;
  readonly #kind: Kind<T>;
  #owned: OwnedObjects<ControllerRevision> | undefined;

  constructor(context: ControllerContext, kind: Kind<T>) {
    this.#context = context;
    this.#kind = kind;
  }

  async start(): Promise<void> {
    this.#owned = new OwnedObjects(await this.#context.view.follow(controllerRevisions));
  }

  /** All revisions of the owner that this process knows of, the newest last. */
  of(owner: T): readonly ControllerRevision[] {
    const owned = (this.#owned as OwnedObjects<ControllerRevision>).of(owner.metadata.uid).values();
    return [...owned].sort((a, b) => a.revision - b.revision);
  }

  /** The revision of the owner's present template, made or given the highest number when it is not the newest. */
  async current(owner: T): Promise<ControllerRevision> {
    const all = this.of(owner);
    const data = dataOf(owner.spec.template);
    const newest = all.at(-1);
    const same = all.findLast((one) => deepEqual(one.data, data));
    if (same !== undefined && same === newest) return same;
    const number = (newest?.revision ?? 0) + 1;
    if (same === undefined) return this.#create(owner, data, number);
    return this.#context.objects.update<ControllerRevision>(controllerRevisions, {
      ...same,
      revision: number,
    });
  }

  /** Deletes the oldest that no pod is of, as far as there are more than the owner's limit. */
  async truncate(owner: T, used: ReadonlySet<string>): Promise<void> {
    const idle = this.of(owner).filter(({ metadata }) => !used.has(metadata.name));
    const excess = Math.max(0, idle.length - owner.spec.revisionHistoryLimit);
    for (const { metadata } of idle.slice(0, excess)) {
      try {
        const preconditions = { uid: metadata.uid };
        const key = keyOf({ metadata } as ControllerRevision);
        await this.#context.objects.delete(controllerRevisions, key, { preconditions });
      } catch (error) {
        if (!isReason(error, "NotFound") && !isReason(error, "Conflict")) throw error;
      }
    }
  }

  async #create(owner: T, data: object, revision: number): Promise<ControllerRevision> {
    const { objects } = this.#context;
    const { name, namespace } = owner.metadata;
    const hash = contentHash(data);
    const key = { ...(namespace !== undefined && { namespace }), name: `${name}-${hash}` };
    try {
      return await objects.create<ControllerRevision>(controllerRevisions, {
        apiVersion: "apps/v1",
        kind: "ControllerRevision",
        metadata: {
          ...key,
          labels: { ...owner.spec.template.metadata?.labels, [HASH_LABEL]: hash },
          ownerReferences: [controllerReference(this.#kind, owner)],
        },
        data,
        revision,
      });
    } catch (error) {
      if (!isReason(error, "AlreadyExists")) throw error;
      // The local copy does not show it yet.
      const there = await objects.get(controllerRevisions, key);
      if (!deepEqual(there.data, data)) throw error;
      return there;
    }
  }
}

/** The template that a revision brings back. */
export function templateOf({ data }: ControllerRevision): PodTemplate {
  const { $patch: _, ...template } = (data as { spec: { template: PodTemplate & { $patch: string } } }).spec
    .template;
  return template;
}

/** The hash that names a revision. */
export function hashOf({ metadata }: ControllerRevision): string {
  return metadata.labels?.[HASH_LABEL] ?? metadata.name;
}

/** A strategic merge patch that replaces the template as a whole; what `kubectl rollout undo` sends. */
function dataOf(template: PodTemplate): object {
  return { spec: { template: { ...template, $patch: "replace" } } };
}
