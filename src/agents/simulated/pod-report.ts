import { isReason } from "../../api/errors.ts";
import { type Pod, pods } from "../../api/kinds/pod.ts";
import { keyOf, withStatus } from "../../api/meta.ts";
import { type Objects, OWN_STATUS } from "../../api/objects.ts";
import { podOfUid } from "./pod-lookup.ts";

/** What became of a write of a pod's status. */
export interface Reported {
  /** The pod as it is now; undefined once it is gone. */
  readonly pod: Pod | undefined;
  /** False when somebody else has changed the pod meanwhile, so that the status is to be made anew. */
  readonly isWritten: boolean;
}

/** Writes the status of the pod. */
export async function reportStatus(objects: Objects, pod: Pod, status: Pod["status"]): Promise<Reported> {
  try {
    const written = await objects.update(pods, withStatus(pod, status), OWN_STATUS);
    return { pod: written, isWritten: true };
  } catch (error) {
    if (isReason(error, "NotFound")) return { pod: undefined, isWritten: false };
    if (!isReason(error, "Conflict")) throw error;
    return { pod: await podOfUid(objects, keyOf(pod), pod.metadata.uid), isWritten: false };
  }
}

/** Tells the API that the containers are gone: the deletion that it has been waiting for. */
export async function reportGone(objects: Objects, pod: Pod): Promise<void> {
  const { uid } = pod.metadata;
  try {
    await objects.delete(pods, keyOf(pod), { gracePeriodSeconds: 0, preconditions: { uid } });
  } catch (error) {
    if (!isReason(error, "NotFound") && !isReason(error, "Conflict")) throw error;
  }
}
