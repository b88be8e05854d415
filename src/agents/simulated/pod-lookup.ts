import { isReason } from "../../api/errors.ts";
import { type Pod, pods } from "../../api/kinds/pod.ts";
import type { ObjectKey } from "../../api/meta.ts";
import type { Objects } from "../../api/objects.ts";

/** The pod as it is now, or undefined when it is gone (another pod of the same name is another pod). */
export async function podOfUid(objects: Objects, key: ObjectKey, uid: string): Promise<Pod | undefined> {
  try {
    const pod = await objects.get(pods, key);
    return pod.metadata.uid === uid ? pod : undefined;
  } catch (error) {
    if (isReason(error, "NotFound")) return undefined;
    throw error;
  }
}
