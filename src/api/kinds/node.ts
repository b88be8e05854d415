import type { Kind } from "../kind.ts";
import type { Condition, KubeObject } from "../meta.ts";
import { nodeColumns } from "./node-columns.ts";
import { nodeCondition } from "./node-condition.ts";
import { validateNode, validateNodeStatus } from "./node-validation.ts";

export { nodeCondition } from "./node-condition.ts";

export interface NodeTaint {
  readonly key: string;
  readonly value?: string;
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
  readonly timeAdded?: string;
}

export interface Node extends KubeObject {
  readonly spec: {
    readonly unschedulable?: boolean;
    readonly taints?: readonly NodeTaint[];
    readonly podCIDR?: string;
    readonly providerID?: string;
  };
  readonly status: {
    /** Quantities by resource name: cpu, memory, pods, nvidia.com/gpu, ... */
    readonly capacity?: Readonly<Record<string, string>>;
    readonly allocatable?: Readonly<Record<string, string>>;
    readonly conditions?: readonly Condition[];
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly nodeInfo?: Readonly<Record<string, string>>;
  };
}

export const nodes: Kind<Node> = {
  group: "",
  version: "v1",
  kind: "Node",
  plural: "nodes",
  singular: "node",
  shortNames: ["no"],
  categories: [],
  namespaced: false,
  schema: "io.k8s.api.core.v1.Node",
  statusSubresource: true,
  columns: nodeColumns,
  setDefaults: setNodeDefaults,
  validate: validateNode,
  validateStatus: validateNodeStatus,
  selectableFields: { "spec.unschedulable": (node) => String(node.spec.unschedulable === true) },
};

/** Whether the node says that it is ready for pods. */
export function isNodeReady(node: Node): boolean {
  return nodeCondition(node, "Ready")?.status === "True";
}

/** A node has a spec and a status, and may use all it has unless it says otherwise. */
function setNodeDefaults(node: Node): Node {
  const { capacity, allocatable } = node.status ?? {};
  const isComplete = capacity === undefined || allocatable !== undefined;
  if (node.spec !== undefined && node.status !== undefined && isComplete) return node;
  const status =
    capacity === undefined || isComplete ? node.status : { ...node.status, allocatable: capacity };
  return { ...node, spec: node.spec ?? {}, status: status ?? {} };
}
