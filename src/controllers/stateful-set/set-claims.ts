import { deepEqual } from "../../api/deep-equal.ts";
import { isReason } from "../../api/errors.ts";
import {
  type PersistentVolumeClaim,
  persistentVolumeClaims,
} from "../../api/kinds/persistent-volume-claim.ts";
import { type Pod, pods, type Volume } from "../../api/kinds/pod.ts";
import { type ClaimTemplate, type StatefulSet, statefulSets } from "../../api/kinds/stateful-set.ts";
import { keyOf, type OwnerReference } from "../../api/meta.ts";
import { modify } from "../../api/modify.ts";
import { controllerReference } from "../../api/owner-references.ts";
import type { ControllerContext } from "../controller.ts";
import type { SharedInformer } from "../shared-informer.ts";
import type { BurstRecorder } from "../workloads/burst-recorder.ts";
import { messageOf } from "../workloads/pod-control.ts";
import { ordinalOf } from "./next-step.ts";

/** The pod's volumes: those of the template, and its claims in place of any of the same name. */
export function withClaims(
  set: StatefulSet,
  volumes: readonly Volume[] = [],
  ordinal: number,
): readonly Volume[] | undefined {
  const templates = set.spec.volumeClaimTemplates ?? [];
  if (templates.length === 0) return undefined;
  const names = new Set(templates.map(({ metadata }) => metadata.name));
  const claimed = templates.map((template) => ({
    name: template.metadata.name,
    persistentVolumeClaim: { claimName: claimName(set, template, ordinal) },
  }));
  return [...claimed, ...volumes.filter(({ name }) => !names.has(name))];
}

/** The claims of StatefulSets: made before their pod, kept or let go as the retention policy says. */
export class SetClaims {
  readonly #context: ControllerContext;
  readonly #recorder: BurstRecorder;
  #claims: SharedInformer<PersistentVolumeClaim> | undefined;

  constructor(context: ControllerContext, recorder: BurstRecorder) {
    this.#context = context;
    this.#recorder = recorder;
  }

  async start(): Promise<void> {
    this.#claims = await this.#context.view.follow(persistentVolumeClaims);
  }

  /** Makes the claims of pods that are about to be made. @returns the first failure */
  async make(set: StatefulSet, ordinals: readonly number[]): Promise<unknown> {
    for (const ordinal of ordinals) {
      for (const template of set.spec.volumeClaimTemplates ?? []) {
        const error = await this.#create(set, template, ordinal);
        if (error !== undefined) return error;
      }
    }
    return undefined;
  }

  /** Says whose the claims are: of the set, of a pod that goes with the scale, or nobody's. */
  async keep(set: StatefulSet, owned: readonly Pod[]): Promise<void> {
    const templates = set.spec.volumeClaimTemplates ?? [];
    if (templates.length === 0) return;
    for (const pod of owned) {
      const ordinal = ordinalOf(set, pod);
      if (ordinal === undefined) continue;
      for (const template of templates) await this.#own(set, template, ordinal, pod);
    }
  }

  async #own(set: StatefulSet, template: ClaimTemplate, ordinal: number, pod: Pod): Promise<void> {
    const { namespace = "" } = set.metadata;
    const known = this.#claims?.get({ namespace, name: claimName(set, template, ordinal) });
    if (known === undefined || deepEqual(ownersOf(known, set, ordinal, pod), ownersIn(known))) return;
    try {
      await modify(this.#context.objects, persistentVolumeClaims, keyOf(known), (claim) => {
        const ownerReferences = ownersOf(claim, set, ordinal, pod);
        if (deepEqual(ownerReferences, ownersIn(claim))) return claim;
        return { ...claim, metadata: { ...claim.metadata, ownerReferences } };
      });
    } catch (error) {
      if (!isReason(error, "NotFound")) throw error;
    }
  }

  async #create(set: StatefulSet, template: ClaimTemplate, ordinal: number): Promise<unknown> {
    const { namespace = "" } = set.metadata;
    const name = claimName(set, template, ordinal);
    const pod = `${set.metadata.name}-${ordinal}`;
    const about = (end: string) =>
      `create Claim ${name} Pod ${pod} in StatefulSet ${set.metadata.name} ${end}`;
    const { labels, annotations } = template.metadata;
    try {
      await this.#context.objects.create<PersistentVolumeClaim>(persistentVolumeClaims, {
        apiVersion: "v1",
        kind: persistentVolumeClaims.kind,
        metadata: {
          name,
          namespace,
          labels: { ...labels, ...set.spec.selector.matchLabels },
          ...(annotations && { annotations }),
          ...(retention(set).whenDeleted === "Delete" && {
            ownerReferences: [controllerReference(statefulSets, set)],
          }),
        },
        spec: template.spec,
        status: {},
      });
      this.#recorder.record(set, "Normal", "SuccessfulCreate", about("success"));
    } catch (error) {
      if (isReason(error, "AlreadyExists")) return undefined;
      this.#recorder.record(set, "Warning", "FailedCreate", about(`failed error: ${messageOf(error)}`));
      return error;
    }
    return undefined;
  }
}

function claimName({ metadata }: StatefulSet, template: ClaimTemplate, ordinal: number): string {
  return `${template.metadata.name}-${metadata.name}-${ordinal}`;
}

function retention({ spec }: StatefulSet) {
  return spec.persistentVolumeClaimRetentionPolicy ?? {};
}

function ownersIn({ metadata }: PersistentVolumeClaim): readonly OwnerReference[] {
  return metadata.ownerReferences ?? [];
}

/** Owners that others have set stay. */
function ownersOf(
  claim: PersistentVolumeClaim,
  set: StatefulSet,
  ordinal: number,
  pod: Pod,
): readonly OwnerReference[] {
  const others = ownersIn(claim).filter(({ kind, name }) => {
    const isSet = kind === statefulSets.kind && name === set.metadata.name;
    return !isSet && !(kind === pods.kind && name === pod.metadata.name);
  });
  const { whenDeleted, whenScaled } = retention(set);
  const start = set.spec.ordinals?.start ?? 0;
  const isCondemned = ordinal < start || ordinal >= start + set.spec.replicas;
  if (isCondemned && whenScaled === "Delete") return [...others, controllerReference(pods, pod)];
  return whenDeleted === "Delete" ? [...others, controllerReference(statefulSets, set)] : others;
}
