import { qualifiedResource } from "./errors.ts";
import type { Kind } from "./kind.ts";
import { isFinished, type Pod, type PodSpec } from "./kinds/pod.ts";
import type { Service } from "./kinds/service.ts";
import type { KubeObject } from "./meta.ts";
import { podLimitAmounts, podRequestAmounts } from "./pod-demand.ts";
import { formatResource, resourceAmount } from "./quantity.ts";

/** Amounts by quota resource: cpu in milli, everything else in base units (see `resourceAmount`). */
export type Usage = Readonly<Record<string, number>>;

const NOTHING: Usage = Object.freeze({});
/** Objects never change, so what one costs is worked out once. */
const known = new WeakMap<KubeObject, Usage>();

/** What one object costs a quota, in every resource that a quota can name. */
export function usageOf(kind: Pick<Kind, "group" | "plural">, object: KubeObject): Usage {
  let usage = known.get(object);
  if (usage === undefined) {
    usage = countUsage(kind, object);
    known.set(object, usage);
  }
  return usage;
}

/** The plain resource behind a quota resource: `requests.cpu` counts cpu. */
function plainResource(resource: string): string {
  return resource.replace(OF_CLASS, "").replace(/^(requests|limits)\./, "");
}

/** An amount as a quota's status says it. */
export function usageText(resource: string, amount: number): string {
  return formatResource(plainResource(resource), amount);
}

/** What a quota's hard limit is in the units of `Usage`. */
export function hardAmount(resource: string, text: string): number {
  return resourceAmount(plainResource(resource), text);
}

/** Counted by their plain names; everything else only as `count/NAME`. */
const COUNTED = new Set([
  "pods",
  "services",
  "configmaps",
  "secrets",
  "resourcequotas",
  "replicationcontrollers",
  "persistentvolumeclaims",
]);

/** What of a quota is for claims of one storage class. */
const OF_CLASS = /^.*\.storageclass\.storage\.k8s\.io\//;

function countUsage(kind: Pick<Kind, "group" | "plural">, object: KubeObject): Usage {
  const { group, plural } = kind;
  if (group === "" && plural === "pods" && isFinished(object as Pod)) return NOTHING;
  const usage: Record<string, number> = { [`count/${qualifiedResource(kind)}`]: 1 };
  if (group !== "") return usage;
  if (COUNTED.has(plural)) usage[plural] = 1;
  if (plural === "pods") addPod(usage, (object as Pod).spec);
  if (plural === "services") addService(usage, (object as Service).spec);
  if (plural === "persistentvolumeclaims") addClaim(usage, object as Claim);
  return usage;
}

function addPod(usage: Record<string, number>, spec: PodSpec): void {
  for (const [resource, amount] of Object.entries(podRequestAmounts(spec))) {
    usage[`requests.${resource}`] = amount;
    if (isPlainCompute(resource)) usage[resource] = amount;
  }
  for (const [resource, amount] of Object.entries(podLimitAmounts(spec)))
    usage[`limits.${resource}`] = amount;
}

function isPlainCompute(resource: string): boolean {
  return ["cpu", "memory", "ephemeral-storage"].includes(resource) || resource.startsWith("hugepages-");
}

function addService(usage: Record<string, number>, spec: Service["spec"]): void {
  const { type, ports = [], allocateLoadBalancerNodePorts } = spec;
  if (type === "LoadBalancer") usage["services.loadbalancers"] = 1;
  const isAsked = type === "LoadBalancer" && allocateLoadBalancerNodePorts === false;
  if (isAsked) usage["services.nodeports"] = ports.filter(({ nodePort }) => nodePort).length;
  else if (type === "NodePort" || type === "LoadBalancer") usage["services.nodeports"] = ports.length;
}

/** What of a PersistentVolumeClaim costs a quota. */
interface Claim extends KubeObject {
  readonly spec: {
    readonly storageClassName?: string;
    readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
  };
  readonly status?: { readonly allocatedResources?: Readonly<Record<string, string>> };
}

/** Before there was a field for it. */
const CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";

function addClaim(usage: Record<string, number>, { metadata, spec, status }: Claim): void {
  const storage = Math.max(
    resourceAmount("storage", spec.resources?.requests?.storage ?? "0"),
    resourceAmount("storage", status?.allocatedResources?.storage ?? "0"),
  );
  usage["requests.storage"] = storage;
  const storageClass = metadata.annotations?.[CLASS_ANNOTATION] ?? spec.storageClassName;
  if (!storageClass) return;
  usage[`${storageClass}.storageclass.storage.k8s.io/requests.storage`] = storage;
  usage[`${storageClass}.storageclass.storage.k8s.io/persistentvolumeclaims`] = 1;
}
