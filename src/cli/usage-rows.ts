import { measuredAmount, nodeMetrics, podMetrics } from "../api/kinds/metrics.ts";
import { type Node, nodes } from "../api/kinds/node.ts";
import { isFinished, pods } from "../api/kinds/pod.ts";
import type { Objects, Selection } from "../api/objects.ts";
import { formatResource } from "../api/quantity.ts";
import { type Amounts, allocatableOf } from "./capacity.ts";
import { listAll } from "./list-all.ts";

/** What a node or a pod uses. */
export interface UseRow {
  readonly namespace?: string;
  readonly name: string;
  /** Of a pod. */
  readonly node?: string;
  /** Running on a node. */
  readonly pods?: number;
  /** Absent when it could not be measured: the node is down. */
  readonly cpu?: ResourceUse;
  readonly memory?: ResourceUse;
}

export interface ResourceUse {
  /** A quantity: `250m`, `64Mi`. */
  readonly used: string;
  /** The same in milli cores or bytes. */
  readonly amount: number;
  /** Of what the node has for pods, 0 to 1; absent where the node does not say. */
  readonly share?: number;
}

/** All nodes with what they use, by name. */
export async function readNodeUse(objects: Objects, selection: Selection): Promise<readonly UseRow[]> {
  const [nodeList, measured, podList] = await Promise.all([
    listAll(objects, nodes, selection),
    listAll(objects, nodeMetrics, selection),
    listAll(objects, pods),
  ]);
  const counts = new Map<string, number>();
  for (const pod of podList.items) {
    const { nodeName } = pod.spec;
    if (nodeName !== undefined && !isFinished(pod)) counts.set(nodeName, (counts.get(nodeName) ?? 0) + 1);
  }
  const byName = new Map(measured.items.map(({ metadata, usage }) => [metadata.name, usage]));
  return nodeList.items.map((node) => {
    const { name } = node.metadata;
    const usage = byName.get(name);
    const row = { name, pods: counts.get(name) ?? 0 };
    return usage === undefined ? row : { ...row, ...usesOf([usage], allocatableOf(node)) };
  });
}

/** All pods that run with what they use, by namespace and name. */
export async function readPodUse(objects: Objects, selection: Selection): Promise<readonly UseRow[]> {
  const [podList, measured, nodeList] = await Promise.all([
    listAll(objects, pods, selection),
    listAll(objects, podMetrics, selection),
    listAll(objects, nodes),
  ]);
  const key = ({ namespace, name }: { namespace?: string; name: string }) => `${namespace}/${name}`;
  const placed = new Map(podList.items.map(({ metadata, spec }) => [key(metadata), spec.nodeName]));
  const byName = new Map<string | undefined, Node>(nodeList.items.map((node) => [node.metadata.name, node]));
  return measured.items.map(({ metadata, containers }) => {
    const { namespace, name } = metadata;
    const node = placed.get(key(metadata));
    const found = byName.get(node);
    const usages = containers.map(({ usage }) => usage);
    return {
      ...(namespace !== undefined && { namespace }),
      name,
      ...(node !== undefined && { node }),
      ...usesOf(usages, found === undefined ? {} : allocatableOf(found)),
    };
  });
}

function usesOf(
  usages: Parameters<typeof measuredAmount>[0],
  allocatable: Amounts,
): Record<"cpu" | "memory", ResourceUse> {
  const use = (resource: "cpu" | "memory"): ResourceUse => {
    const amount = measuredAmount(usages, resource);
    const total = allocatable[resource];
    const share = total ? { share: Math.round((amount / total) * 10_000) / 10_000 } : {};
    return { used: resource === "cpu" ? `${amount}m` : formatResource(resource, amount), amount, ...share };
  };
  return { cpu: use("cpu"), memory: use("memory") };
}
