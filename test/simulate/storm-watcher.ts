import type { Node as NodeObject } from "../../src/api/kinds/node.ts";
import type { Draft } from "../../src/api/meta.ts";
import { Label } from "../../src/api/well-known.ts";
import type { Amounts, ChaosEvent } from "../../src/chaos/events.ts";
import type { PodRule } from "./storm-workloads.ts";

/** A pod that was bound just before the end may still be starting. */
const STARTING_MS = 1_000;

interface Node {
  readonly name: string;
  readonly allocatable: Amounts;
  readonly labels: Readonly<Record<string, string>>;
  readonly isTainted: boolean;
  isReady: boolean;
  /** Its unfinished pods, by uid. */
  readonly pods: Set<string>;
}

interface Pod {
  readonly name: string;
  readonly uid: string;
  readonly requests: Amounts;
  readonly rule: PodRule;
  /** The beginning of its name that its rule goes by; undefined: it has none. */
  readonly group: string | undefined;
  readonly boundAtMs: number;
  node: string | undefined;
  /** Of the node's GPUs. */
  readonly devices: readonly number[];
  isLeaving: boolean;
  phase: string;
}

const GPU = "kubesim.dev/gpu-milli";
const WHOLE = 1_000;

/**
 * Follows a storm by its events with books of its own, and says what must not be: the independent packer that decides
 * what fits, and the invariants.
 */
export class StormWatcher {
  readonly violations: string[] = [];
  evicted = 0;
  readonly #nodes = new Map<string, Node>();
  /** By uid, in order of coming. */
  readonly #pods = new Map<string, Pod>();
  /** The uid that came last under a name. */
  readonly #newest = new Map<string, string>();
  readonly #drafts: ReadonlyMap<string, Draft<NodeObject>>;
  readonly #rules: readonly (readonly [string, PodRule])[];

  /** @param rules by the beginning of pods' names */
  constructor(nodes: readonly Draft<NodeObject>[], rules: Readonly<Record<string, PodRule>>) {
    this.#drafts = new Map(nodes.map((node) => [node.metadata.name as string, node]));
    this.#rules = Object.entries(rules);
  }

  see(event: ChaosEvent): void {
    switch (event.type) {
      case "node-added":
        this.#nodes.set(event.node, this.#nodeOf(event));
        return;
      case "node-removed":
        this.#nodes.delete(event.node);
        return;
      case "node-ready":
      case "node-not-ready": {
        const node = this.#nodes.get(event.node);
        if (node !== undefined) node.isReady = event.type === "node-ready";
        return;
      }
      case "pod-added":
        this.#add(event);
        return;
      case "pod-bound":
        this.#bound(event);
        return;
      case "pod-evicted":
        this.evicted++;
        this.#leaving(event.uid);
        return;
      case "pod-terminating":
        this.#leaving(event.uid);
        return;
      case "pod-removed":
        this.#leaves(event.uid);
        this.#pods.delete(event.uid);
        return;
      case "pod-running":
      case "pod-phase":
        this.#turns(event.uid, event.type === "pod-running" ? "Running" : event.phase);
    }
  }

  /** What should run at the end and does not. */
  left(endMs: number, queue: string): string[] {
    const found: string[] = [];
    const waiting = this.#unfinished().filter(({ node }) => node === undefined);
    // Where nobody may overtake, who comes behind one that waits may fit and wait all the same.
    for (const pod of queue === "skip" ? waiting : []) {
      const open = [...this.#nodes.values()].filter(({ isReady }) => isReady);
      const node = open.find((candidate) => this.#fits(pod, candidate));
      if (node !== undefined) found.push(`${pod.name} waits, though it fits on ${node.name}`);
      const { priority = 0 } = pod.rule;
      const fuller = open.find((candidate) => priority > 0 && this.#fits(pod, candidate, priority));
      if (fuller !== undefined) found.push(`${pod.name} waits, though lesser pods are on ${fuller.name}`);
    }
    const rules = queue === "skip" ? this.#rules : [];
    for (const [group, rule] of rules) found.push(...this.#kept(group, rule));
    for (const { name, node, phase, boundAtMs } of this.#unfinished()) {
      if (node === undefined || phase === "Running" || endMs - boundAtMs < STARTING_MS) continue;
      found.push(`${name} is ${phase} on ${node}`);
    }
    for (const node of this.#nodes.values()) if (!node.isReady) found.push(`${node.name} is not ready`);
    return found;
  }

  count(): { readonly running: number; readonly waiting: number } {
    const pods = this.#unfinished();
    const waiting = pods.filter(({ node }) => node === undefined).length;
    return { running: pods.length - waiting, waiting };
  }

  #nodeOf({ node: name, allocatable, ready }: Extract<ChaosEvent, { type: "node-added" }>): Node {
    const draft = this.#drafts.get(name);
    // Who is added on demand is dealt out to the zones like the others.
    const number = Number(/^extra-(\d+)$/.exec(name)?.[1] ?? 1);
    const { labels = { [Label.zone]: `zone-${1 + ((number - 1) % 4)}` } } = draft?.metadata ?? {};
    const isTainted = (draft?.spec.taints ?? []).length > 0;
    return { name, allocatable, labels, isTainted, isReady: ready === true, pods: new Set() };
  }

  /** What controllers should have kept and have not. */
  #kept(group: string, { replicas, isEverywhere }: PodRule): string[] {
    const there = this.#unfinished().filter((pod) => pod.group === group);
    if (replicas !== undefined && there.length !== replicas) {
      return [`there are ${there.length} of ${group}, not ${replicas}`];
    }
    if (isEverywhere !== true) return [];
    const nodes = [...this.#nodes.values()].filter(({ isTainted }) => !isTainted);
    return nodes.flatMap(({ name }) => {
      const count = there.filter(({ node }) => node === name).length;
      return count === 1 ? [] : [`${count} of ${group} are on ${name}`];
    });
  }

  #add({ pod: name, uid, requests, node, phase, t }: Extract<ChaosEvent, { type: "pod-added" }>): void {
    const twin = this.#pods.get(this.#newest.get(name) ?? "");
    if (twin !== undefined && !isFinished(twin)) this.violations.push(`${name} is there twice`);
    this.#newest.set(name, uid);
    const [group, rule = {}] = this.#rules.find(([beginning]) => name.startsWith(beginning)) ?? [];
    this.#pods.set(uid, {
      name,
      uid,
      requests,
      rule,
      group,
      boundAtMs: t,
      node,
      devices: [],
      isLeaving: false,
      phase,
    });
  }

  #bound(event: Extract<ChaosEvent, { type: "pod-bound" }>): void {
    const { uid, pod: name, node: nodeName, devices = [], t } = event;
    const pod = this.#pods.get(uid);
    const node = this.#nodes.get(nodeName);
    if (pod === undefined) return void this.violations.push(`${name} is bound and was never there`);
    if (pod.node !== undefined && pod.node !== nodeName) this.violations.push(`${name} is bound twice`);
    if (node?.isReady !== true) this.violations.push(`${name} is bound to ${nodeName}, which is not ready`);
    else if (pod.node === undefined && !this.#fits(pod, node)) {
      this.violations.push(`${name} is bound to ${nodeName}, which is full`);
    }
    const bound = { ...pod, node: nodeName, devices, boundAtMs: t };
    if (node !== undefined && pod.node === undefined) this.#checkDevices(bound, node);
    this.#pods.set(uid, bound);
    node?.pods.add(uid);
  }

  /** A share is of one device, more is whole ones; no device is given away beyond what is left of it. */
  #checkDevices({ name, requests, devices }: Pod, node: Node): void {
    const wanted = requests[GPU] ?? 0;
    if (wanted === 0 && devices.length === 0) return;
    const left = this.#devicesLeft(node);
    if (devices.length !== Math.ceil(wanted / WHOLE)) {
      this.violations.push(`${name} wants ${wanted} and got devices ${devices.join()} of ${node.name}`);
    }
    for (const device of devices) {
      if (Math.min(wanted, WHOLE) <= (left[device] ?? 0)) continue;
      this.violations.push(
        `${name} got device ${device} of ${node.name}, which has ${left[device] ?? "no such"}`,
      );
    }
  }

  #devicesLeft(node: Node): number[] {
    const left = Array.from({ length: (node.allocatable[GPU] ?? 0) / WHOLE }, () => WHOLE);
    for (const uid of node.pods) {
      const { devices, requests } = this.#pods.get(uid) as Pod;
      for (const device of devices) left[device] = (left[device] ?? 0) - Math.min(requests[GPU] ?? 0, WHOLE);
    }
    return left;
  }

  /** @param priority of those that have to go when the pod comes: they are lower; absent: nobody has to */
  #fits(pod: Pod, node: Node, priority = Number.NEGATIVE_INFINITY): boolean {
    if (!this.#isAllowed(pod, node)) return false;
    const wanted = pod.requests[GPU] ?? 0;
    if (wanted > 0) {
      const free = this.#devicesLeft(node).filter((left) => left >= Math.min(wanted, WHOLE));
      if (free.length < Math.ceil(wanted / WHOLE)) return false;
    }
    const there = [...node.pods]
      .map((uid) => this.#pods.get(uid) as Pod)
      .filter(({ rule }) => (rule.priority ?? 0) >= priority);
    if (pod.rule.isApart && there.some(({ group }) => group === pod.group)) return false;
    return Object.entries(pod.requests).every(([resource, amount]) => {
      const used = there.reduce((sum, { requests }) => sum + (requests[resource] ?? 0), 0);
      return used + amount <= (node.allocatable[resource] ?? 0);
    });
  }

  /** Whatever room there is: labels, taints, and how many are in its zone. */
  #isAllowed({ rule, group }: Pod, { labels, isTainted }: Node): boolean {
    if (isTainted && rule.toleratesTaint !== true) return false;
    if (Object.entries(rule.selector ?? {}).some(([key, value]) => labels[key] !== value)) return false;
    if (rule.maxSkew === undefined) return true;
    const zone = labels[Label.zone];
    const byZone = new Map([...this.#nodes.values()].map((node) => [node.labels[Label.zone], 0]));
    for (const pod of this.#unfinished()) {
      const where = this.#nodes.get(pod.node ?? "")?.labels[Label.zone];
      // Who is on its way out does not count.
      if (pod.group === group && !pod.isLeaving && where !== undefined)
        byZone.set(where, (byZone.get(where) ?? 0) + 1);
    }
    return (byZone.get(zone) ?? 0) + 1 - Math.min(...byZone.values()) <= rule.maxSkew;
  }

  #unfinished(): Pod[] {
    return [...this.#pods.values()].filter((pod) => !isFinished(pod));
  }

  #turns(uid: string, phase: string): void {
    const pod = this.#pods.get(uid);
    if (pod === undefined) return;
    pod.phase = phase;
    if (isFinished(pod)) this.#leaves(uid);
  }

  #leaving(uid: string): void {
    const pod = this.#pods.get(uid);
    if (pod !== undefined) pod.isLeaving = true;
  }

  #leaves(uid: string): void {
    this.#nodes.get(this.#pods.get(uid)?.node ?? "")?.pods.delete(uid);
  }
}

function isFinished({ phase }: Pod): boolean {
  return phase === "Succeeded" || phase === "Failed";
}
