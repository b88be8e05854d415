import { isReason } from "../../api/errors.ts";
import type { EventRecorder } from "../../api/event-recorder.ts";
import { type Pod, pods } from "../../api/kinds/pod.ts";
import { podCondition, withPodCondition } from "../../api/kinds/pod-condition.ts";
import { keyOf, timestamp } from "../../api/meta.ts";
import { modify } from "../../api/modify.ts";
import { OWN_STATUS } from "../../api/objects.ts";
import type { ControllerContext } from "../controller.ts";

/** Nobody knows how the pods of a lost node are: they are not ready any more. */
export function markPodsNotReady(
  context: ControllerContext,
  recorder: EventRecorder,
  nodeName: string,
): void {
  const { objects, clock, onError } = context;
  const time = timestamp(clock.now());
  for (const pod of context.view.podsOn(nodeName)) {
    if (podCondition(pod, "Ready")?.status !== "True") continue;
    recorder.record(pod, "Warning", "NodeNotReady", "Node is not ready");
    const unready = (now: Pod) => (now.metadata.uid === pod.metadata.uid ? withoutReadiness(now, time) : now);
    modify(objects, pods, keyOf(pod), unready, OWN_STATUS).catch((error: unknown) => {
      if (!isReason(error, "NotFound")) onError(error);
    });
  }
}

function withoutReadiness(pod: Pod, time: string): Pod {
  const ready = podCondition(pod, "Ready");
  if (ready?.status !== "True") return pod;
  return withPodCondition(pod, { ...ready, status: "False", lastTransitionTime: time });
}
