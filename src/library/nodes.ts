import { type Node, nodes } from "../api/kinds/node.ts";
import { nodeCondition } from "../api/kinds/node-condition.ts";
import type { Draft } from "../api/meta.ts";
import type { Objects } from "../api/objects.ts";
import { Label } from "../api/well-known.ts";
import type { NodeOptions } from "./cluster.ts";

/** Creates nodes, numbered on from those of their prefix that there are; their names. */
export async function createNodes(
  objects: Objects,
  options: number | NodeOptions = 1,
): Promise<readonly string[]> {
  const {
    count = 1,
    prefix = "node",
    ...shape
  }: NodeOptions = typeof options === "number" ? { count: options } : options;
  if (!Number.isInteger(count) || count < 0) throw new TypeError(`${count} is no number of nodes`);
  const { items } = await objects.list<Node>(nodes);
  const taken = new Set(items.map(({ metadata }) => metadata.name));
  const names: string[] = [];
  for (let number = 1; names.length < count; number++) {
    const name = `${prefix}-${number}`;
    if (!taken.has(name)) names.push(name);
  }
  for (const name of names) await objects.create<Node>(nodes, nodeDraft(name, shape));
  return names;
}

/** Those of the nodes that are not Ready yet. */
export async function notReady(objects: Objects, names: readonly string[]): Promise<readonly string[]> {
  const { items } = await objects.list<Node>(nodes);
  const ready = items.filter((node) => nodeCondition(node, "Ready")?.status === "True");
  const readyNames = new Set(ready.map(({ metadata }) => metadata.name));
  return names.filter((name) => !readyNames.has(name));
}

function nodeDraft(name: string, shape: Omit<NodeOptions, "count" | "prefix">): Draft<Node> {
  const { cpu = "4", memory = "16Gi", maxPods = 110, gpu = 0, zone, labels, annotations, taints } = shape;
  const capacity = { cpu, memory, ...(gpu > 0 && { "nvidia.com/gpu": String(gpu) }), pods: String(maxPods) };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: { [Label.hostname]: name, ...(zone !== undefined && { [Label.zone]: zone }), ...labels },
      ...(annotations !== undefined && { annotations }),
    },
    spec: taints === undefined ? {} : { taints },
    status: { capacity, allocatable: capacity },
  };
}
