import { extend } from "../../lib/extend.ts";
import { ChangeLog } from "./change-log.ts";
import { NodeEntry, type NodeSpec } from "./node-entry.ts";
import type { PodShape } from "./pod-shape.ts";
import { PriorityCounts } from "./priority-counts.ts";
import type { Tenant } from "./tenant.ts";

interface Account {
  readonly entry: NodeEntry;
  pod: Tenant;
  assumed: boolean;
}

/** Told which pods come to take room and which go, also on names that are no node. */
export interface TenantObserver {
  came(pod: Tenant, node: NodeEntry): void;
  went(pod: Tenant, node: NodeEntry): void;
}

/**
 * Nodes and what is asked of them: the scheduler's cache. Pure, in-process, integers only.
 *
 * Every pod is accounted for under its uid, so that its room is taken once and given back once, whoever reports what
 * in which order.
 */
export class ClusterState {
  /** What changed since when: indexes catch up with it. */
  readonly changes = new ChangeLog();
  readonly #entries = new Map<string, NodeEntry>();
  readonly #accounts = new Map<string, Account>();
  readonly #observers: TenantObserver[] = [];
  /** Priorities of the pods that take room. */
  readonly priorities = new PriorityCounts();
  /** By index, in order of creation; removed nodes leave holes until the next `settle`. */
  #nodes: (NodeEntry | undefined)[] = [];
  #nodesTotal = 0;
  #unsettled = false;

  get nodesTotal(): number {
    return this.#nodesTotal;
  }

  /** Number of pods that take room. */
  get podsTotal(): number {
    return this.#accounts.size;
  }

  /** Changes with everything that can change a verdict. */
  get generation(): number {
    return this.changes.sequence + this.volumesVersion;
  }

  /** Rises with every node that comes or goes, and with what labels and taints say: places are counted anew then. */
  topologyVersion = 0;

  /** Rises with every change of claims, volumes and their classes. */
  volumesVersion = 0;

  /** Nodes by index; brings them into order of creation first, which may give them new indices. */
  get nodes(): readonly (NodeEntry | undefined)[] {
    if (this.#unsettled) this.#settle();
    return this.#nodes;
  }

  node(name: string): NodeEntry | undefined {
    const entry = this.#entries.get(name);
    return entry === undefined || entry.index < 0 ? undefined : entry;
  }

  /** Adds a node, or takes over what changed in it. A node with another `order` is another node of the same name. */
  setNode(spec: NodeSpec): NodeEntry {
    const entry = this.#entryOf(spec.name);
    if (entry.index >= 0 && entry.order !== spec.order) this.removeNode(spec.name);
    this.topologyVersion++;
    entry.describe(spec);
    this.#entries.set(spec.name, entry);
    if (entry.index < 0) this.#append(entry);
    this.changes.push(entry.index);
    return entry;
  }

  removeNode(name: string): void {
    const entry = this.#entries.get(name);
    if (entry === undefined || entry.index < 0) return;
    this.topologyVersion++;
    this.changes.push(entry.index);
    this.#nodes[entry.index] = undefined;
    this.#nodesTotal--;
    entry.index = -1;
    entry.describe(undefined);
    this.#dropIfUnused(entry);
    if (this.#nodes.length > 64 && this.#nodesTotal * 2 < this.#nodes.length) this.#unsettled = true;
  }

  /** Takes room for a pod that was placed but not seen bound yet. */
  assume(pod: Tenant, node: NodeEntry): void {
    this.#account(pod, node, true);
  }

  /** The assumption has come true. Harmless when it was known. */
  confirm(uid: string): void {
    const known = this.#accounts.get(uid);
    if (known !== undefined) known.assumed = false;
  }

  /**
   * A pod is bound to a node, whatever was known of it: takes its room there, once, and gives back what it took before.
   * @returns the node that got room back, if any
   */
  bind(pod: Tenant, nodeName: string): NodeEntry | undefined {
    const known = this.#accounts.get(pod.uid);
    if (known?.entry.name === nodeName && known.pod.shape.signature === pod.shape.signature) {
      this.describe(pod);
      this.confirm(pod.uid);
      return undefined;
    }
    const freed = this.forget(pod.uid);
    this.#account(pod, this.#entryOf(nodeName), false);
    return freed;
  }

  /** Takes over what has changed in a pod beside its room: labels, start, end. */
  describe(pod: Tenant): void {
    const known = this.#accounts.get(pod.uid);
    if (known === undefined) return;
    const { labels, ending } = known.pod;
    if (labels !== pod.labels || ending !== pod.ending) this.#changed(known.entry);
    for (const observer of this.#observers) observer.went(known.pod, known.entry);
    // Room is counted by what was taken.
    const { shape, devices } = known.pod;
    const isSame = pod.shape === shape && pod.devices === devices;
    const described = isSame ? pod : extend(pod, { shape, ...(devices && { devices }) });
    known.pod = described;
    for (const observer of this.#observers) observer.came(described, known.entry);
  }

  /** Gives a pod's room back. @returns the node it was on; undefined when the pod takes none. */
  forget(uid: string): NodeEntry | undefined {
    const account = this.#accounts.get(uid);
    if (account === undefined) return undefined;
    const { pod, entry } = account;
    this.#accounts.delete(uid);
    this.#add(entry, pod.shape, -1, pod.devices);
    this.priorities.remove(pod.priority);
    for (const observer of this.#observers) observer.went(pod, entry);
    this.#dropIfUnused(entry);
    return entry;
  }

  /** Takes room on a node for a pod that is to come (sign 1), or gives it back (sign -1); it is no tenant yet. */
  reserve(shape: PodShape, node: NodeEntry, sign: 1 | -1, devices: readonly number[] | undefined): void {
    this.#add(node, shape, sign, devices);
  }

  /** Does something as if nothing of what the shape asks for were left on a node. */
  without<T>(node: NodeEntry, shape: PodShape, act: () => T): T {
    const amounts = Float64Array.from(shape.resources, (name) => Math.max(0, node.free(name)));
    const rest = { ...shape, amounts, hostPorts: [] };
    this.reserve(rest, node, 1, []);
    try {
      return act();
    } finally {
      this.reserve(rest, node, -1, []);
    }
  }

  /** Tells the observer of every pod that takes room, now and from now on. */
  observe(observer: TenantObserver): void {
    this.#observers.push(observer);
    this.forEachTenant((pod, node) => observer.came(pod, node));
  }

  /** Every pod that takes room. */
  *tenants(): Iterable<Tenant> {
    for (const { pod } of this.#accounts.values()) yield pod;
  }

  forEachTenant(visit: (pod: Tenant, node: NodeEntry) => void): void {
    for (const { pod, entry } of this.#accounts.values()) visit(pod, entry);
  }

  /** A pod that takes room. */
  tenant(uid: string): Tenant | undefined {
    return this.#accounts.get(uid)?.pod;
  }

  isAssumed(uid: string): boolean {
    return this.#accounts.get(uid)?.assumed === true;
  }

  /** The node that a pod takes room on. */
  nodeOf(uid: string): string | undefined {
    return this.#accounts.get(uid)?.entry.name;
  }

  #account(given: Tenant, entry: NodeEntry, assumed: boolean): void {
    const pod = given.shape.gpu === undefined ? given : withDevices(given, entry);
    const { size } = this.#accounts;
    this.#accounts.set(pod.uid, { entry, pod, assumed });
    // Looking first would cost as much again, on the hottest path there is.
    if (this.#accounts.size === size) throw new Error(`pod ${pod.uid} is accounted for already`);
    this.#add(entry, pod.shape, 1, pod.devices);
    this.priorities.add(pod.priority);
    for (const observer of this.#observers) observer.came(pod, entry);
  }

  #add(entry: NodeEntry, shape: PodShape, sign: 1 | -1, devices: readonly number[] | undefined): void {
    entry.take(shape, sign, devices);
    this.#changed(entry);
  }

  #changed(entry: NodeEntry): void {
    if (entry.index >= 0) this.changes.push(entry.index);
  }

  #entryOf(name: string): NodeEntry {
    let entry = this.#entries.get(name);
    if (entry === undefined) {
      entry = new NodeEntry(name);
      this.#entries.set(name, entry);
    }
    return entry;
  }

  #append(entry: NodeEntry): void {
    const last = this.#nodes.at(-1);
    // An unknown last node (a hole) may have been younger: sorting what is sorted is harmless.
    if (this.#nodes.length > 0 && (last === undefined || last.order > entry.order)) this.#unsettled = true;
    entry.index = this.#nodes.length;
    this.#nodes.push(entry);
    this.#nodesTotal++;
  }

  #settle(): void {
    this.#unsettled = false;
    const nodes = this.#nodes.filter((entry) => entry !== undefined);
    nodes.sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0));
    for (const [index, entry] of nodes.entries()) entry.index = index;
    this.#nodes = nodes;
    this.changes.reset();
  }

  #dropIfUnused(entry: NodeEntry): void {
    if (entry.index < 0 && entry.podCount === 0) this.#entries.delete(entry.name);
  }
}

/** Somebody may have bound it who did not say which GPUs it has, or fewer or more than it asks for. */
function withDevices(pod: Tenant, entry: NodeEntry): Tenant {
  if (pod.devices?.length === pod.shape.gpu?.devices) return pod;
  return extend(pod, { devices: entry.devicesFor(pod.shape) });
}
