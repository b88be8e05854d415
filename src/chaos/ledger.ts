import type { MetricName, Reading } from "./conditions/condition.ts";
import type { Amounts, ChaosEvent } from "./events.ts";
import { countPod, isFinished, type PodRecord } from "./ledger-pod.ts";

/** A node as the events tell it. */
export interface NodeRecord {
  readonly name: string;
  /** What the API shows; undefined before the first report. */
  ready: boolean | undefined;
  inScope: boolean;
  allocatable: Amounts;
  /** Faults that act on it now, by id. The node is truly up when there are none. */
  readonly faults: Map<string, FaultOnNode>;
  /** A fault of this run has acted on it. */
  touched: boolean;
  /** When it last changed between up and down, or Ready and not. */
  changedMs: number;
  readonly pods: Set<PodRecord>;
  /** Requests of the unfinished pods bound to it. */
  readonly used: Map<string, number>;
  overcommitted: boolean;
}

export interface FaultOnNode {
  readonly fault: string;
  readonly origin: string;
}

/** How many of what, now. Ground truth but for `ready` and `running`, which are what the API shows. */
export interface Counts {
  nodes: number;
  up: number;
  ready: number;
  scope: number;
  scopeUp: number;
  cpuMilli: number;
  cpuMilliUp: number;
  desired: number;
  running: number;
  alive: number;
  pending: number;
  unschedulable: number;
  overcommittedNodes: number;
  doubleBound: number;
}

/**
 * The state of the cluster as a chaos run's events tell it, kept in O(1) per event (a fault: O(pods of its node)).
 * The engine, the live view and the report all use it, so that they agree and a saved run tells the same again.
 */
export class Ledger {
  readonly nodes = new Map<string, NodeRecord>();
  /** By uid. */
  readonly pods = new Map<string, PodRecord>();
  /** Names of pods that were evicted, should come back, and do not run yet. */
  readonly recovering = new Set<string>();
  readonly counts: Counts = noCounts();
  /** Evicted pods that are gone and not re-created: somebody still wants them. */
  readonly #missing = new Set<string>();
  /** By node name; also of nodes that are gone or not there yet. */
  readonly #faults = new Map<string, Map<string, FaultOnNode>>();
  readonly #copies = new Map<string, number>();
  #runId = "";

  /** The metric's value now. */
  reading(metric: MetricName): Reading {
    const { counts } = this;
    switch (metric) {
      case "running":
      case "alive":
      case "pending":
      case "unschedulable":
        return { count: counts[metric], whole: counts.desired };
      case "ready":
      case "up":
        return { count: counts[metric], whole: counts.nodes };
      case "down":
        return { count: counts.nodes - counts.up, whole: counts.nodes };
      case "availability":
        return { count: counts.up, whole: counts.nodes };
      case "capacity":
        return { count: counts.cpuMilliUp, whole: counts.cpuMilli };
    }
  }

  apply(event: ChaosEvent): void {
    switch (event.type) {
      case "run-started":
        this.#runId = event.runId;
        break;
      case "node-added":
        this.#addNode(event);
        break;
      case "node-changed":
        this.#changeNode(event.node, event.t, (node) => {
          node.inScope = event.inScope;
          node.allocatable = event.allocatable;
        });
        break;
      case "node-removed":
        this.#removeNode(event.node);
        break;
      case "node-ready":
      case "node-not-ready":
        this.#changeNode(event.node, event.t, (node) => {
          node.ready = event.type === "node-ready";
        });
        break;
      case "fault-injected":
        this.#injectFault(event);
        break;
      case "node-healed":
        this.#healFault(event);
        break;
      default:
        this.#applyToPod(event);
    }
  }

  #applyToPod(event: ChaosEvent): void {
    switch (event.type) {
      case "pod-added":
        this.#addPod(event);
        break;
      case "pod-bound":
        this.#changePod(event.uid, (pod) => {
          pod.bindings += pod.node === undefined || pod.node === event.node ? 0 : 1;
          pod.node = event.node;
          pod.unschedulable = false;
        });
        break;
      case "pod-running":
        this.#changePod(event.uid, (pod) => {
          pod.phase = "Running";
          if (this.#isUp(pod.node)) pod.lost = false;
          this.recovering.delete(pod.pod);
        });
        break;
      case "pod-phase":
        this.#changePod(event.uid, (pod) => {
          pod.phase = event.phase;
          if (isFinished(pod)) this.recovering.delete(pod.pod);
        });
        break;
      case "pod-unschedulable":
        this.#changePod(event.uid, (pod) => {
          pod.unschedulable = true;
        });
        break;
      case "pod-evicted":
        this.#changePod(event.uid, (pod) => {
          pod.evicted = true;
          if (pod.rescheduled && pod.owner === undefined) this.recovering.add(pod.pod);
        });
        break;
      case "pod-terminating":
        this.#changePod(event.uid, (pod) => {
          pod.terminating = true;
        });
        break;
      case "pod-removed":
        this.#removePod(event.uid);
        break;
    }
  }

  #addNode(event: Extract<ChaosEvent, { type: "node-added" }>): void {
    const node: NodeRecord = {
      name: event.node,
      ready: event.ready,
      inScope: event.inScope,
      allocatable: event.allocatable,
      faults: this.#faultsOn(event.node),
      touched: false,
      changedMs: event.t,
      pods: new Set(),
      used: new Map(),
      overcommitted: false,
    };
    this.nodes.set(node.name, node);
    this.#countNode(node, 1);
  }

  #removeNode(name: string): void {
    const node = this.nodes.get(name);
    if (node === undefined) return;
    const orphans = [...node.pods];
    for (const pod of orphans) {
      this.#countPod(pod, -1);
      this.#usePod(pod, node, -1);
    }
    this.#countNode(node, -1);
    this.nodes.delete(name);
    for (const pod of orphans) this.#countPod(pod, 1);
  }

  #changeNode(name: string, t: number, change: (node: NodeRecord) => void): void {
    const node = this.nodes.get(name);
    if (node === undefined) return;
    const wasUp = node.faults.size === 0;
    const wasReady = node.ready;
    this.#countNode(node, -1);
    change(node);
    this.#countNode(node, 1);
    const isUp = node.faults.size === 0;
    if (wasUp !== isUp || wasReady !== node.ready) node.changedMs = t;
    if (wasUp === isUp) return;
    for (const pod of [...node.pods]) {
      // Whether the pod was alive follows from its node: count it out as it was, in as it is.
      this.#countPod(pod, -1, wasUp);
      this.#countPod(pod, 1);
    }
  }

  #injectFault(event: Extract<ChaosEvent, { type: "fault-injected" }>): void {
    const put = () => this.#faultsOn(event.node).set(event.id, { fault: event.fault, origin: event.origin });
    if (!this.nodes.has(event.node)) put();
    this.#changeNode(event.node, event.t, (node) => {
      put();
      if (event.origin === this.#runId) node.touched = true;
    });
    if (!event.losesPods) return;
    for (const pod of this.nodes.get(event.node)?.pods ?? []) pod.lost = true;
  }

  #healFault(event: Extract<ChaosEvent, { type: "node-healed" }>): void {
    const remove = () => this.#faultsOn(event.node).delete(event.id);
    if (!this.nodes.has(event.node)) remove();
    this.#changeNode(event.node, event.t, remove);
  }

  #faultsOn(node: string): Map<string, FaultOnNode> {
    const faults = this.#faults.get(node) ?? new Map<string, FaultOnNode>();
    this.#faults.set(node, faults);
    return faults;
  }

  #countNode(node: NodeRecord, sign: 1 | -1): void {
    const { counts } = this;
    const up = node.faults.size === 0;
    const cpuMilli = node.allocatable.cpu ?? 0;
    counts.nodes += sign;
    if (node.ready === true) counts.ready += sign;
    if (node.inScope) counts.scope += sign;
    counts.cpuMilli += sign * cpuMilli;
    if (up) {
      counts.up += sign;
      counts.cpuMilliUp += sign * cpuMilli;
      if (node.inScope) counts.scopeUp += sign;
    }
    if (sign === 1) node.overcommitted = isOvercommitted(node);
    if (node.overcommitted) counts.overcommittedNodes += sign;
  }

  #addPod(event: Extract<ChaosEvent, { type: "pod-added" }>): void {
    const pod: PodRecord = {
      pod: event.pod,
      uid: event.uid,
      requests: event.requests,
      owner: event.owner,
      rescheduled: event.rescheduled,
      node: event.node,
      phase: event.phase,
      lost: false,
      evicted: false,
      terminating: event.terminating ?? false,
      unschedulable: event.unschedulable ?? false,
      bindings: 0,
    };
    if (this.#missing.delete(pod.pod)) this.counts.desired--;
    if (pod.phase === "Running" && this.#isUp(pod.node)) this.recovering.delete(pod.pod);
    this.pods.set(pod.uid, pod);
    const copies = (this.#copies.get(pod.pod) ?? 0) + 1;
    this.#copies.set(pod.pod, copies);
    if (copies > 1) this.counts.doubleBound++;
    this.#countPod(pod, 1);
    this.#usePod(pod, this.#nodeUsedBy(pod), 1);
  }

  #removePod(uid: string): void {
    const pod = this.pods.get(uid);
    if (pod === undefined) return;
    this.#countPod(pod, -1);
    this.#usePod(pod, this.#nodeUsedBy(pod), -1);
    this.pods.delete(uid);
    const copies = (this.#copies.get(pod.pod) ?? 1) - 1;
    if (copies > 0) this.counts.doubleBound--;
    if (copies > 0) this.#copies.set(pod.pod, copies);
    else this.#copies.delete(pod.pod);
    if (pod.evicted && pod.owner === undefined && !isFinished(pod) && copies === 0) {
      this.#missing.add(pod.pod);
      this.counts.desired++;
    } else {
      this.recovering.delete(pod.pod);
    }
  }

  #changePod(uid: string, change: (pod: PodRecord) => void): void {
    const pod = this.pods.get(uid);
    if (pod === undefined) return;
    const used = this.#nodeUsedBy(pod);
    this.#countPod(pod, -1);
    change(pod);
    this.#countPod(pod, 1);
    const uses = this.#nodeUsedBy(pod);
    if (uses === used) return;
    this.#usePod(pod, used, -1);
    this.#usePod(pod, uses, 1);
  }

  #countPod(pod: PodRecord, sign: 1 | -1, nodeUp = this.#isUp(pod.node)): void {
    countPod(this.counts, pod, nodeUp, sign);
    this.counts.doubleBound += sign * pod.bindings;
  }

  /** The node of which a pod takes something now. */
  #nodeUsedBy(pod: PodRecord): NodeRecord | undefined {
    return pod.node === undefined || isFinished(pod) ? undefined : this.nodes.get(pod.node);
  }

  /** Takes the pod's requests from a node, or gives them back. */
  #usePod(pod: PodRecord, node: NodeRecord | undefined, sign: 1 | -1): void {
    if (node === undefined) return;
    if (sign === 1) node.pods.add(pod);
    else node.pods.delete(pod);
    for (const resource in pod.requests) {
      const amount = pod.requests[resource] as number;
      node.used.set(resource, (node.used.get(resource) ?? 0) + sign * amount);
    }
    const overcommitted = isOvercommitted(node);
    if (overcommitted === node.overcommitted) return;
    node.overcommitted = overcommitted;
    this.counts.overcommittedNodes += overcommitted ? 1 : -1;
  }

  #isUp(nodeName: string | undefined): boolean {
    return nodeName !== undefined && this.nodes.get(nodeName)?.faults.size === 0;
  }
}

function isOvercommitted(node: NodeRecord): boolean {
  for (const [resource, amount] of node.used) {
    if (amount > (node.allocatable[resource] ?? 0)) return true;
  }
  return false;
}

/** All counts at zero. */
export function noCounts(): Counts {
  return {
    nodes: 0,
    up: 0,
    ready: 0,
    scope: 0,
    scopeUp: 0,
    cpuMilli: 0,
    cpuMilliUp: 0,
    desired: 0,
    running: 0,
    alive: 0,
    pending: 0,
    unschedulable: 0,
    overcommittedNodes: 0,
    doubleBound: 0,
  };
}
