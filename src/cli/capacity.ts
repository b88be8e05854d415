import { DEVICE_MILLI, GPU_MILLI, gpuDemandOf, parseDevices } from "../api/gpu.ts";
import type { Node } from "../api/kinds/node.ts";
import { isFinished, type Pod } from "../api/kinds/pod.ts";
import { formatResource, resourceAmount } from "../api/quantity.ts";
import { Annotation } from "../api/well-known.ts";

/** Amounts by resource, in scheduler units: cpu in milli, memory in bytes, others as counts. */
export type Amounts = Readonly<Record<string, number>>;

/** What is asked for and what there is. */
export interface Use {
  readonly requested: Amounts;
  readonly allocatable: Amounts;
  readonly pods: number;
}

/** What a pod asks for: the sum of its containers, or its largest init container, plus overhead. */
export function requestsOf(pod: Pod): Amounts {
  const total: Record<string, number> = {};
  for (const container of pod.spec.containers) addAll(total, container.resources?.requests);
  for (const container of pod.spec.initContainers ?? []) {
    for (const [resource, text] of Object.entries(container.resources?.requests ?? {})) {
      total[resource] = Math.max(total[resource] ?? 0, resourceAmount(resource, text));
    }
  }
  addAll(total, pod.spec.overhead);
  return total;
}

/** What a node has for pods. */
export function allocatableOf(node: Node): Amounts {
  const total: Record<string, number> = {};
  addAll(total, node.status.allocatable ?? node.status.capacity);
  return total;
}

/** Use of every node by the pods bound to it; finished pods use nothing. */
export function useByNode(nodes: readonly Node[], pods: readonly Pod[]): Map<string, Use> {
  const uses = new Map<string, { requested: Record<string, number>; allocatable: Amounts; pods: number }>();
  for (const node of nodes) {
    uses.set(node.metadata.name, { requested: {}, allocatable: allocatableOf(node), pods: 0 });
  }
  for (const pod of pods) {
    const use = uses.get(pod.spec.nodeName ?? "");
    if (use === undefined || isFinished(pod)) continue;
    use.pods++;
    for (const [resource, amount] of Object.entries(requestsOf(pod))) {
      use.requested[resource] = (use.requested[resource] ?? 0) + amount;
    }
  }
  return uses;
}

/** Adds up the use of many nodes. */
export function totalUse(uses: Iterable<Use>): Use {
  const requested: Record<string, number> = {};
  const allocatable: Record<string, number> = {};
  let pods = 0;
  for (const use of uses) {
    pods += use.pods;
    for (const [name, amount] of Object.entries(use.requested))
      requested[name] = (requested[name] ?? 0) + amount;
    for (const [name, amount] of Object.entries(use.allocatable)) {
      allocatable[name] = (allocatable[name] ?? 0) + amount;
    }
  }
  return { requested, allocatable, pods };
}

/** Thousandths that each of a node's shared GPUs has left, by the devices that its pods were given. */
export function gpusLeft(node: Node, pods: readonly Pod[]): number[] {
  const total = allocatableOf(node)[GPU_MILLI] ?? 0;
  const left = new Array<number>(Math.floor(total / DEVICE_MILLI)).fill(DEVICE_MILLI);
  for (const pod of pods) {
    const demand = gpuDemandOf(requestsOf(pod)[GPU_MILLI] ?? 0);
    if (demand === undefined || isFinished(pod)) continue;
    for (const device of parseDevices(pod.metadata.annotations?.[Annotation.gpuDevices]) ?? []) {
      if (left[device] !== undefined) left[device] -= demand.milli;
    }
  }
  return left;
}

/** An amount the way a person reads it: `2.5`, `12.3Gi`, `3`. */
export function amountText(resource: string, amount: number): string {
  if (resource === "cpu") return String(Number((amount / 1_000).toFixed(2)));
  if (resource !== "memory" && !resource.endsWith("storage")) return formatResource(resource, amount);
  const units = ["", "Ki", "Mi", "Gi", "Ti", "Pi"];
  let rest = amount;
  let step = 0;
  while (rest >= 1_024 && step < units.length - 1) {
    rest /= 1_024;
    step++;
  }
  return `${Number(rest.toFixed(1))}${units[step]}`;
}

/** cpu and memory first, then the rest by name; `pods` last. */
export function resourceOrder(names: Iterable<string>): string[] {
  const place = (name: string) => ({ cpu: 0, memory: 1, pods: 3 })[name] ?? 2;
  return [...new Set(names)].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

function addAll(
  total: Record<string, number>,
  quantities: Readonly<Record<string, string>> | undefined,
): void {
  for (const [resource, text] of Object.entries(quantities ?? {})) {
    total[resource] = (total[resource] ?? 0) + resourceAmount(resource, text);
  }
}
