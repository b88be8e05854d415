import { isFinished, type Pod, queuePlace } from "../../api/kinds/pod.ts";
import { DisruptionReason, podCondition } from "../../api/kinds/pod-condition.ts";
import type { Draft } from "../../api/meta.ts";
import { Annotation } from "../../api/well-known.ts";

/** What a kubelet puts on the mirror of a pod that it runs from a file: that pod is the node's own. */
const MIRROR_ANNOTATION = "kubernetes.io/config.mirror";

/** Reasons of `DisruptionTarget` for which a bare pod is moved rather than ended. */
const MOVING_REASONS: readonly (string | undefined)[] = [DisruptionReason.taint, DisruptionReason.eviction];

/** True for a pod that nobody else would replace and that did not ask to be left alone. */
export function isBare(pod: Pod): boolean {
  const { ownerReferences = [], annotations = {} } = pod.metadata;
  const isLeftAlone = annotations[Annotation.reschedule] === "false" || MIRROR_ANNOTATION in annotations;
  return ownerReferences.length === 0 && !isLeftAlone && !isFinished(pod);
}

/** True when the cluster is taking the pod off its node; a pod that a user deletes is not being moved. */
export function isLeaving(pod: Pod): boolean {
  if (pod.metadata.deletionTimestamp === undefined || pod.spec.nodeName === undefined) return false;
  const target = podCondition(pod, "DisruptionTarget");
  return target?.status === "True" && MOVING_REASONS.includes(target.reason);
}

/** The pod that takes the place of one that has to leave: unplaced, with the queue place of the first of its line. */
export function successorOf(pod: Pod): Draft<Pod> {
  const { name, namespace, labels, finalizers } = pod.metadata;
  // Which GPUs it had on the lost node says nothing of the next one.
  const { [Annotation.gpuDevices]: _devices, ...annotations } = pod.metadata.annotations ?? {};
  // Ephemeral containers belong to the one pod that they were added to.
  const { nodeName: _, ephemeralContainers: _ephemeral, ...spec } = pod.spec;
  const moves = Number(annotations[Annotation.moves] ?? 0) + 1;
  return {
    apiVersion: pod.apiVersion,
    kind: pod.kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(labels && { labels }),
      annotations: {
        ...annotations,
        [Annotation.queuePlace]: queuePlace(pod),
        [Annotation.moves]: String(Number.isSafeInteger(moves) ? moves : 1),
      },
      ...(finalizers && { finalizers }),
    },
    spec,
    status: { phase: "Pending" },
  };
}
