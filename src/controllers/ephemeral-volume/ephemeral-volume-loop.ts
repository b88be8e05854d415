import { isReason } from "../../api/errors.ts";
import {
  type PersistentVolumeClaim,
  persistentVolumeClaims,
} from "../../api/kinds/persistent-volume-claim.ts";
import { isFinished, type Pod, pods, type VolumeClaimTemplate } from "../../api/kinds/pod.ts";
import { keyOf, keyText } from "../../api/meta.ts";
import { controllerOf, controllerReference } from "../../api/owner-references.ts";
import { claimsOf } from "../../api/pod-claims.ts";
import type { ControllerContext } from "../controller.ts";
import { KeyedWork } from "../keyed-work.ts";
import { BurstRecorder } from "../workloads/burst-recorder.ts";
import { isNamespaceEnding } from "../workloads/pod-control.ts";

/** The claim of an earlier pod of the name may be about to go. */
const RETRY_MS = 2_000;

/** The loop of the ephemeral-volume controller. */
export class EphemeralVolumeLoop {
  readonly #context: ControllerContext;
  readonly #work: KeyedWork;
  readonly #recorder: BurstRecorder;
  #leave: (() => void) | undefined;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#work = new KeyedWork(context, (key) => this.#sync(key));
    this.#recorder = new BurstRecorder(context, "ephemeral_volume");
  }

  start(): void {
    this.#leave = this.#context.view.pods.join({
      changed: (before, after) => {
        if (before === undefined && after?.spec.volumes?.some(({ ephemeral }) => ephemeral !== undefined)) {
          this.#work.request(keyText(keyOf(after)));
        }
      },
    });
  }

  stop(): void {
    this.#leave?.();
    this.#work.stop();
  }

  async #sync(key: string): Promise<void> {
    const [namespace, name] = key.split("/") as [string, string];
    const pod = this.#context.view.pods.get({ namespace, name });
    if (pod === undefined || pod.metadata.deletionTimestamp !== undefined || isFinished(pod)) return;
    for (const claim of claimsOf(pod)) {
      const template = claim.ephemeral?.ephemeral?.volumeClaimTemplate;
      if (template !== undefined) await this.#create(pod, claim.name, template);
    }
  }

  async #create(pod: Pod, name: string, { metadata = {}, spec }: VolumeClaimTemplate): Promise<void> {
    const { objects } = this.#context;
    const { namespace = "default", uid } = pod.metadata;
    try {
      await objects.create<PersistentVolumeClaim>(persistentVolumeClaims, {
        apiVersion: "v1",
        kind: persistentVolumeClaims.kind,
        metadata: { ...metadata, name, namespace, ownerReferences: [controllerReference(pods, pod)] },
        spec,
        status: {},
      });
    } catch (error) {
      if (isNamespaceEnding(error)) return;
      if (!isReason(error, "AlreadyExists")) throw error;
      const there = await objects.get(persistentVolumeClaims, { namespace, name });
      if (controllerOf(there)?.uid === uid) return;
      const podText = keyText(keyOf(pod));
      const why = `PVC ${namespace}/${name} was not created for pod ${podText} (pod is not owner)`;
      this.#recorder.record(pod, "Warning", "FailedCreate", why);
      this.#context.clock.after(RETRY_MS, () => this.#work.request(keyText(keyOf(pod))));
    }
  }
}
