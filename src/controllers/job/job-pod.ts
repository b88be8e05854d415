import { COMPLETION_INDEX, JOB_TRACKING_FINALIZER, type Job } from "../../api/kinds/job.ts";
import type { Container, Pod } from "../../api/kinds/pod.ts";
import type { PodShape } from "../workloads/pod-control.ts";
import { failureAnnotations } from "./index-failures.ts";

/**
 * What a pod of a Job has beside its template; of an indexed one its index as name, label, annotation and variable.
 * @param before the pod of that index that failed, if this one comes after it
 */
export function jobPodShape(job: Job, index: number | undefined, before?: Pod): PodShape {
  const { metadata, spec } = job;
  const finalizers = [...(spec.template.metadata?.finalizers ?? []), JOB_TRACKING_FINALIZER];
  if (index === undefined) return { finalizers };
  const own = { [COMPLETION_INDEX]: String(index) };
  const { containers, initContainers } = spec.template.spec;
  return {
    namePrefix: `${metadata.name}-${index}-`,
    labels: own,
    annotations: { ...own, ...failureAnnotations(job, before) },
    finalizers,
    spec: {
      hostname: `${metadata.name}-${index}`,
      containers: containers.map(withIndexVariable),
      ...(initContainers && { initContainers: initContainers.map(withIndexVariable) }),
    },
  };
}

const VARIABLE = "JOB_COMPLETION_INDEX";

function withIndexVariable(container: Container): Container {
  const env = container.env ?? [];
  if (env.some(({ name }) => name === VARIABLE)) return container;
  const fieldPath = `metadata.labels['${COMPLETION_INDEX}']`;
  const variable = { name: VARIABLE, valueFrom: { fieldRef: { apiVersion: "v1", fieldPath } } };
  return { ...container, env: [...env, variable] };
}
