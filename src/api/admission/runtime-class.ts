import { deepEqual } from "../deep-equal.ts";
import { ApiError } from "../errors.ts";
import { type Pod, pods } from "../kinds/pod.ts";
import { type RuntimeClass, runtimeClasses } from "../kinds/runtime-class.ts";
import type { Admission } from "./admission.ts";

/** Gives pods the overhead, the nodes and the tolerations of the RuntimeClass that they name. */
export const podRuntimeClass: Admission = {
  name: "RuntimeClass",
  kinds: [pods.schema],
  admit(object, { lookup, hasTokens }) {
    const pod = object as Pod;
    const { runtimeClassName } = pod.spec;
    if (!runtimeClassName) return pod;
    const found = lookup.get(runtimeClasses, { name: runtimeClassName });
    if (found !== undefined) return withClass(pod, found);
    // What comes out of the lists of another cluster brings its pods, but not its classes.
    if (!hasTokens) return pod;
    throw refused(pod, `pod rejected: RuntimeClass ${JSON.stringify(runtimeClassName)} not found`);
  },
};

function withClass(pod: Pod, { overhead, scheduling = {} }: RuntimeClass): Pod {
  const { nodeSelector, tolerations } = scheduling;
  const given = pod.spec.overhead;
  const fixed = overhead?.podFixed;
  if (given !== undefined && !deepEqual(given, fixed ?? {})) {
    throw refused(
      pod,
      fixed === undefined
        ? "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead"
        : "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead",
    );
  }
  for (const [key, value] of Object.entries(nodeSelector ?? {})) {
    const own = pod.spec.nodeSelector?.[key];
    if (own === undefined || own === value) continue;
    const conflict = `runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${own}`;
    throw refused(pod, `conflict: ${conflict}`);
  }
  const known = pod.spec.tolerations ?? [];
  const added = (tolerations ?? []).filter((one) => !known.some((other) => deepEqual(one, other)));
  const spec = {
    ...pod.spec,
    ...(fixed && { overhead: fixed }),
    ...(nodeSelector && { nodeSelector: { ...pod.spec.nodeSelector, ...nodeSelector } }),
    ...(added.length > 0 && { tolerations: [...known, ...added] }),
  };
  return { ...pod, spec };
}

function refused(pod: Pod, why: string): ApiError {
  const { name } = pod.metadata;
  return new ApiError("Forbidden", `pods "${name}" is forbidden: ${why}`, { name, kind: pods.plural });
}
