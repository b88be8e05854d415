import { GPU_MILLI } from "../../api/gpu.ts";
import { HostPorts } from "../../api/host-ports.ts";
import type { NodeTaint } from "../../api/kinds/node.ts";
import type { NodeView } from "../strategy.ts";
import { GpuDevices } from "./gpu-devices.ts";
import type { PodShape } from "./pod-shape.ts";

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

const NO_DEVICES: readonly number[] = [];

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
  /** Ports of the node that its pods hold; absent until the first pod holds one. */
  ports: HostPorts | undefined;
  /** Absent while it has no GPU that is shared and no pod that holds one. */
  gpus: GpuDevices | undefined;
  /** Rises with everything that changes. */
  version = 0;
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
    this.version++;
    const gpuMilli = allocatable[GPU_MILLI] ?? 0;
    if (gpuMilli > 0) this.gpus ??= new GpuDevices();
    this.gpus?.describe(gpuMilli);
  }

  /**
   * Adds what a pod of this shape takes (sign 1), or gives it back (sign -1).
   * @param devices the GPUs that it has a part of, when its shape asks for some
   */
  take(shape: PodShape, sign: 1 | -1, devices: readonly number[] = NO_DEVICES): void {
    this.version++;
    const { requested, nonZeroRequested } = this;
    const { resources, amounts, nonZeroRequests } = shape;
    requested.cpu = (requested.cpu as number) + sign * (amounts[0] as number);
    requested.memory = (requested.memory as number) + sign * (amounts[1] as number);
    for (let other = 2; other < resources.length; other++) {
      const name = resources[other] as string;
      requested[name] = (requested[name] ?? 0) + sign * (amounts[other] as number);
    }
    if (shape.gpu !== undefined) {
      this.gpus ??= new GpuDevices();
      this.gpus.take(devices, shape.gpu.milli, sign);
    }
    nonZeroRequested.cpu += sign * nonZeroRequests.cpu;
    nonZeroRequested.memory += sign * nonZeroRequests.memory;
    this.podCount += sign;
    if (shape.hostPorts.length > 0) {
      this.ports ??= new HostPorts();
      this.ports.take(shape.hostPorts, sign);
    }
  }

  /** The node as it is now, to try on it what would be if pods came or went. */
  copy(): NodeEntry {
    const copy = new NodeEntry(this.name);
    copy.describe(this);
    copy.index = this.index;
    copy.specVersion = this.specVersion;
    Object.assign(copy.requested, this.requested);
    Object.assign(copy.nonZeroRequested, this.nonZeroRequested);
    copy.podCount = this.podCount;
    copy.ports = this.ports?.copy();
    copy.gpus = this.gpus?.copy();
    return copy;
  }

  /** How much of a resource is not asked for yet; negative when more was bound than there is. */
  free(resource: string): number {
    return (this.allocatable[resource] ?? 0) - (this.requested[resource] ?? 0);
  }

  /** How much a pod of this shape could have at most of its resource at this place. */
  room({ resources, gpu }: PodShape, at: number): number {
    return gpu?.at === at ? (this.gpus?.room(gpu) ?? 0) : this.free(resources[at] as string);
  }

  /** The GPUs that a pod of this shape is to have, unless somebody has chosen others. */
  devicesFor({ gpu }: PodShape): readonly number[] {
    if (gpu === undefined) return NO_DEVICES;
    this.gpus ??= new GpuDevices();
    return this.gpus.choose(gpu);
  }
}
