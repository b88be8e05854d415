import type { NodeTaint } from "../../api/kinds/node.ts";
import type { NodeView } from "../strategy.ts";

/** What filters and strategies need to know of a Node object; quantities in scheduler units. */
export interface NodeSpec {
  readonly name: string;
  /** Sorts by creation (the uid does). */
  readonly order: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly NodeTaint[];
  readonly unschedulable: boolean;
  /** `cpu`, `memory` and `pods` are always there. */
  readonly allocatable: Readonly<Record<string, number>>;
}

/** So many pods fit on a node that does not say (kubelet's maxPods). */
export const DEFAULT_MAX_PODS = 110;

const ABSENT: Omit<NodeSpec, "name"> = {
  order: "",
  labels: {},
  taints: [],
  unschedulable: true,
  allocatable: { cpu: 0, memory: 0, pods: 0 },
};

/**
 * A node as the scheduler counts it. Pods may be bound to a name that is no node (any more): such an entry has
 * index -1, is used by nobody, and keeps the sums until the node appears or the pods are gone.
 */
export class NodeEntry implements NodeView {
  readonly name: string;
  index = -1;
  order = ABSENT.order;
  labels = ABSENT.labels;
  taints = ABSENT.taints;
  unschedulable = ABSENT.unschedulable;
  allocatable = ABSENT.allocatable;
  maxPods = 0;
  readonly requested: Record<string, number> = { cpu: 0, memory: 0 };
  readonly nonZeroRequested = { cpu: 0, memory: 0 };
  podCount = 0;
  /** Rises whenever something that the static filters look at may have changed. */
  specVersion = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** Takes over what the Node object says. */
  describe(spec: NodeSpec | undefined): void {
    const { order, labels, taints, unschedulable, allocatable } = spec ?? ABSENT;
    this.order = order;
    this.labels = labels;
    this.taints = taints;
    this.unschedulable = unschedulable;
    this.allocatable = allocatable;
    this.maxPods = allocatable.pods ?? 0;
    this.specVersion++;
  }

  /** How much of a resource is not asked for yet; negative when more was bound than there is. */
  free(resource: string): number {
    return (this.allocatable[resource] ?? 0) - (this.requested[resource] ?? 0);
  }
}
