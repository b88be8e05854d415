import { ApiError } from "../errors.ts";
import { type Pod, pods } from "../kinds/pod.ts";
import type { Admission } from "./admission.ts";

/** The classes every Kubernetes cluster has; others would be PriorityClass objects. */
const SYSTEM_CLASSES: ReadonlyMap<string, number> = new Map([
  ["system-cluster-critical", 2_000_000_000],
  ["system-node-critical", 2_000_001_000],
]);

/**
 * Gives every pod a priority. Kubernetes takes it from the class alone; kubesim also takes a plain `spec.priority`,
 * so that nobody needs a class to try priorities out.
 */
export const podPriority: Admission = {
  name: "Priority",
  summary: "resolves priorityClassName to spec.priority; takes a plain spec.priority as it is",
  kinds: [pods.schema],
  admit(object) {
    const pod = object as Pod;
    const { priorityClassName, preemptionPolicy = "PreemptLowerPriority" } = pod.spec;
    const priority = priorityClassName ? priorityOfClass(pod, priorityClassName) : (pod.spec.priority ?? 0);
    if (priority === pod.spec.priority && preemptionPolicy === pod.spec.preemptionPolicy) return pod;
    // Literals before the spread: the fast way to make such an object (see kinds/pod-defaults.ts).
    if (pod.spec.priority === undefined && pod.spec.preemptionPolicy === undefined) {
      return { ...pod, spec: { priority, preemptionPolicy, ...pod.spec } } as Pod;
    }
    return { ...pod, spec: { ...pod.spec, priority, preemptionPolicy } } as Pod;
  },
};

function priorityOfClass(pod: Pod, className: string): number {
  const ofClass = SYSTEM_CLASSES.get(className);
  if (ofClass === undefined) throw refused(pod, `no PriorityClass with name ${className} was found`);
  const { priority } = pod.spec;
  if (priority !== undefined && priority !== ofClass) {
    const why =
      "the integer value of priority must not be provided in pod spec; priority admission controller computed " +
      `${ofClass} from the given PriorityClass name`;
    throw refused(pod, why);
  }
  return ofClass;
}

function refused(pod: Pod, why: string): ApiError {
  const { name } = pod.metadata;
  return new ApiError("Forbidden", `pods "${name}" is forbidden: ${why}`, { name, kind: pods.plural });
}
