import { ApiError } from "../errors.ts";
import { type Pod, pods } from "../kinds/pod.ts";
import { type PriorityClass, priorityClasses, SYSTEM_CLASSES } from "../kinds/priority-class.ts";
import type { Admission, Lookup } from "./admission.ts";
import { refuseSecondDefault } from "./one-default-priority.ts";

/**
 * Gives every pod a priority. Kubernetes takes it from the class alone; kubesim also takes a plain `spec.priority`,
 * so that nobody needs a class to try priorities out.
 */
export const podPriority: Admission = {
  name: "Priority",
  kinds: [pods.schema, priorityClasses.schema],
  admit: (object, { kind, lookup }) =>
    kind.schema === pods.schema
      ? withPriority(object as Pod, lookup)
      : refuseSecondDefault(object as PriorityClass, lookup),
  admitChange: (object, _, { kind, lookup }) =>
    kind.schema === pods.schema ? object : refuseSecondDefault(object as PriorityClass, lookup),
};

function withPriority(pod: Pod, lookup: Lookup): Pod {
  const ofClass = classOf(pod, lookup);
  const priority = ofClass?.value ?? pod.spec.priority ?? 0;
  const preemptionPolicy = pod.spec.preemptionPolicy ?? ofClass?.preemptionPolicy ?? "PreemptLowerPriority";
  if (ofClass !== undefined && ofClass.metadata.name !== pod.spec.priorityClassName) {
    const priorityClassName = ofClass.metadata.name;
    return { ...pod, spec: { ...pod.spec, priorityClassName, priority, preemptionPolicy } } as Pod;
  }
  if (priority === pod.spec.priority && preemptionPolicy === pod.spec.preemptionPolicy) return pod;
  // Literals before the spread: the fast way to make such an object (see kinds/pod-defaults.ts).
  if (pod.spec.priority === undefined && pod.spec.preemptionPolicy === undefined) {
    return { ...pod, spec: { priority, preemptionPolicy, ...pod.spec } } as Pod;
  }
  return { ...pod, spec: { ...pod.spec, priority, preemptionPolicy } } as Pod;
}

/** The class that the pod names, or else the one that is everybody's; undefined when there is none. */
function classOf(pod: Pod, lookup: Lookup): PriorityClass | undefined {
  const { priorityClassName, priority } = pod.spec;
  if (!priorityClassName) return priority === undefined ? defaultClass(lookup) : undefined;
  const found = lookup.get(priorityClasses, { name: priorityClassName });
  if (found === undefined) {
    throw refused(pod, `no PriorityClass with name ${priorityClassName} was found`);
  }
  if (priority !== undefined && priority !== found.value) {
    const why =
      "the integer value of priority must not be provided in pod spec; priority admission controller computed " +
      `${found.value} from the given PriorityClass name`;
    throw refused(pod, why);
  }
  return found;
}

const SYSTEM_COUNT = Object.keys(SYSTEM_CLASSES).length;

/** Of several the lowest, as in Kubernetes. With the system's own classes alone nobody need look. */
function defaultClass(lookup: Lookup): PriorityClass | undefined {
  if (lookup.count(priorityClasses) <= SYSTEM_COUNT) return undefined;
  const defaults = lookup.list(priorityClasses).filter(({ globalDefault }) => globalDefault === true);
  return defaults.sort((left, right) => left.value - right.value)[0];
}

function refused(pod: Pod, why: string): ApiError {
  const { name } = pod.metadata;
  return new ApiError("Forbidden", `pods "${name}" is forbidden: ${why}`, { name, kind: pods.plural });
}
