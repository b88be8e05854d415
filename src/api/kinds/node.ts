import type { Kind } from "../kind.ts";
import type { Condition, KubeObject } from "../meta.ts";

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
  columns: [],
  selectableFields: { "spec.unschedulable": (node) => String(node.spec.unschedulable === true) },
};

/** The status of a condition, or undefined when the node does not have it. */
export function nodeCondition(node: Node, type: string): Condition | undefined {
  return node.status.conditions?.find((condition) => condition.type === type);
}

export function isNodeReady(node: Node): boolean {
  return nodeCondition(node, "Ready")?.status === "True";
}
