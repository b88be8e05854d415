import { qualifiedResource } from "./errors.ts";
import type { Kind } from "./kind.ts";
import { isFinished, type Pod, type PodSpec } from "./kinds/pod.ts";
import type { Service } from "./kinds/service.ts";
import type { KubeObject } from "./meta.ts";
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
export function plainResource(resource: string): string {
  return resource.replace(/^(requests|limits)\./, "");
}

/** An amount as a quota's status says it. */
export function usageText(resource: string, amount: number): string {
  return formatResource(plainResource(resource), amount);
}

/** What a quota's hard limit is in the units of `Usage`. */
export function hardAmount(resource: string, text: string): number {
  return resourceAmount(plainResource(resource), text);
}

const COUNTED = new Set(["pods", "services", "configmaps", "secrets", "resourcequotas"]);

function countUsage(kind: Pick<Kind, "group" | "plural">, object: KubeObject): Usage {
  if (kind.plural === "pods" && isFinished(object as Pod)) return NOTHING;
  const usage: Record<string, number> = { [`count/${qualifiedResource(kind)}`]: 1 };
  if (kind.group === "" && COUNTED.has(kind.plural)) usage[kind.plural] = 1;
  if (kind.group === "" && kind.plural === "pods") addPod(usage, (object as Pod).spec);
  if (kind.group === "" && kind.plural === "services") addService(usage, (object as Service).spec);
  return usage;
}

function addPod(usage: Record<string, number>, spec: PodSpec): void {
  for (const part of ["requests", "limits"] as const) {
    for (const { resources } of spec.containers) {
      for (const [resource, text] of Object.entries(resources?.[part] ?? {})) {
        const name = `${part}.${resource}`;
        usage[name] = (usage[name] ?? 0) + resourceAmount(resource, text);
      }
    }
  }
  for (const resource of ["cpu", "memory", "ephemeral-storage"]) {
    const amount = usage[`requests.${resource}`];
    if (amount !== undefined) usage[resource] = amount;
  }
}

function addService(usage: Record<string, number>, { type, ports = [] }: Service["spec"]): void {
  if (type === "LoadBalancer") usage["services.loadbalancers"] = 1;
  const nodePorts = ports.filter(({ nodePort }) => nodePort).length;
  if (nodePorts > 0) usage["services.nodeports"] = nodePorts;
}
