import type { Kind } from "../../src/api/kind.ts";
import { type Deployment, deployments } from "../../src/api/kinds/deployment.ts";
import { type Job, jobs } from "../../src/api/kinds/job.ts";
import type { Pod } from "../../src/api/kinds/pod.ts";
import type { PodTemplate } from "../../src/api/kinds/pod-template.ts";
import { type ReplicaSet, replicaSets } from "../../src/api/kinds/replica-set.ts";
import type { Draft, KubeObject } from "../../src/api/meta.ts";
import type { ClusterUnderTest } from "./cluster-under-test.ts";

/** What scenarios change of a pod template. */
export interface TemplateOptions {
  readonly image?: string;
  readonly cpu?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: Partial<Pod["spec"]>;
}

/** A template whose pods carry the label `app`. */
export function templateOf(app: string, options: TemplateOptions = {}): PodTemplate {
  const { image = "web:1", cpu = "100m", annotations } = options;
  return {
    metadata: { labels: { app }, ...(annotations && { annotations }) },
    spec: { containers: [{ name: "main", image, resources: { requests: { cpu } } }], ...options.spec },
  };
}

/** An object of a kind in namespace `default`, as a user would send it. */
export function draftOf<T extends KubeObject>(
  kind: Kind<T>,
  name: string,
  spec: object,
  metadata: object = {},
): Draft<T> {
  const apiVersion = `${kind.group}/${kind.version}`;
  const draft = { apiVersion, kind: kind.kind, metadata: { name, namespace: "default", ...metadata }, spec };
  return draft as unknown as Draft<T>;
}

/** Creates a ReplicaSet named and labelled `name`. */
export function createReplicaSet(
  { objects }: ClusterUnderTest,
  name: string,
  replicas: number,
  options: TemplateOptions & { readonly minReadySeconds?: number } = {},
): Promise<ReplicaSet> {
  const { minReadySeconds } = options;
  const spec = {
    replicas,
    selector: { matchLabels: { app: name } },
    template: templateOf(name, options),
    ...(minReadySeconds !== undefined && { minReadySeconds }),
  };
  return objects.create(replicaSets, draftOf(replicaSets, name, spec));
}

/** Creates a Deployment named and labelled `name`; `spec` has what else it says. */
export function createDeployment(
  { objects }: ClusterUnderTest,
  name: string,
  replicas: number,
  spec: object = {},
  template: TemplateOptions = {},
): Promise<Deployment> {
  const whole = {
    replicas,
    selector: { matchLabels: { app: name } },
    template: templateOf(name, template),
    ...spec,
  };
  return objects.create(deployments, draftOf(deployments, name, whole));
}

/** Creates a Job whose pods run for a second and end with `exitCode`, unless `template` says otherwise. */
export function createJob(
  { objects }: ClusterUnderTest,
  name: string,
  spec: object = {},
  { annotations, spec: podSpec, ...template }: TemplateOptions & { readonly exitCode?: number } = {},
): Promise<Job> {
  const exitCode = String(template.exitCode ?? 0);
  const running = { "kubesim.dev/duration": "1s", "kubesim.dev/exit-code": exitCode, ...annotations };
  const whole = templateOf(name, {
    ...template,
    annotations: running,
    spec: { restartPolicy: "Never", ...podSpec },
  });
  return objects.create(jobs, draftOf(jobs, name, { template: whole, ...spec }));
}

/** The object of that name in `default`. */
export function find<T extends KubeObject>(
  { objects }: ClusterUnderTest,
  kind: Kind<T>,
  name: string,
): Promise<T> {
  return objects.get(kind, { namespace: "default", name });
}

/** Merges a patch into the object of that name in `default`. */
export function patch<T extends KubeObject>(
  { objects }: ClusterUnderTest,
  kind: Kind<T>,
  name: string,
  change: Readonly<Record<string, unknown>>,
): Promise<T> {
  return objects.patch(kind, { namespace: "default", name }, { type: "merge", patch: change });
}

/** Pods that are not being deleted. */
export async function livePods(cluster: ClusterUnderTest): Promise<readonly Pod[]> {
  return (await cluster.pods()).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}
