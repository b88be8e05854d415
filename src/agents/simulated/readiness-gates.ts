import type { Pod } from "../../api/kinds/pod.ts";
import { podCondition } from "../../api/kinds/pod-condition.ts";

/** Whether two states of a pod say the same of its readiness gates. */
export function areGatesAlike(left: Pod, right: Pod): boolean {
  const gates = right.spec.readinessGates;
  if (gates === undefined || left.status.conditions === right.status.conditions) return true;
  return gates.every(
    ({ conditionType }) =>
      podCondition(left, conditionType)?.status === podCondition(right, conditionType)?.status,
  );
}

/** What keeps a pod from being ready though its containers are, in a kubelet's words; undefined: nothing. */
export function closedGates(pod: Pod): string | undefined {
  const gates = pod.spec.readinessGates;
  if (gates === undefined) return undefined;
  const texts = gates.flatMap(({ conditionType }) => {
    const condition = podCondition(pod, conditionType);
    const gate = `pod readiness gate "${conditionType}"`;
    if (condition === undefined) return [`corresponding condition of ${gate} does not exist.`];
    return condition.status === "True"
      ? []
      : [`the status of ${gate} is not "True", but ${condition.status}`];
  });
  return texts.length === 0 ? undefined : texts.join(", ");
}
