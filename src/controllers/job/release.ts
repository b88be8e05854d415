import { isReason } from "../../api/errors.ts";
import { JOB_TRACKING_FINALIZER } from "../../api/kinds/job.ts";
import { type Pod, pods } from "../../api/kinds/pod.ts";
import { keyOf } from "../../api/meta.ts";
import { modify } from "../../api/modify.ts";
import type { Objects } from "../../api/objects.ts";

/** Takes the finalizer of its Job from a pod; harmless when it has none or is gone. */
export async function releasePod(objects: Objects, pod: Pod): Promise<void> {
  const { uid } = pod.metadata;
  try {
    await modify(objects, pods, keyOf(pod), (now) => {
      const { finalizers = [] } = now.metadata;
      if (now.metadata.uid !== uid || !finalizers.includes(JOB_TRACKING_FINALIZER)) return now;
      const left = finalizers.filter((finalizer) => finalizer !== JOB_TRACKING_FINALIZER);
      return { ...now, metadata: { ...now.metadata, finalizers: left } };
    });
  } catch (error) {
    if (!isReason(error, "NotFound")) throw error;
  }
}
