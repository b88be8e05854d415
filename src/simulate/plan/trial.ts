import { createRandom } from "../../lib/random.ts";
import { ClusterState } from "../../scheduler/cache/cluster-state.ts";
import { Placer } from "../../scheduler/placement/placer.ts";
import type { PodInfo } from "../../scheduler/pod-info.ts";
import type { Strategy } from "../../scheduler/strategy.ts";

const NODES_PER_WORK = 20;

/** Nodes of one shape, filled by a strategy: the scheduler's own placement without a cluster around it. */
export class Trial {
  readonly #state = new ClusterState();
  readonly #placer: Placer;
  readonly #capacity: Readonly<Record<string, number>>;
  #work = 0;

  /** @param capacity of a node, in scheduler units */
  constructor(capacity: Readonly<Record<string, number>>, seed: string, nodes: number) {
    this.#capacity = capacity;
    this.#placer = new Placer(this.#state, createRandom(seed));
    for (let node = 0; node < nodes; node++) this.addNode();
  }

  get nodes(): number {
    return this.#state.nodesTotal;
  }

  /** Pods tried, where so many nodes that were added or compared count as one more. */
  get work(): number {
    return this.#work;
  }

  addNode(): void {
    this.#work += 1 / NODES_PER_WORK;
    const number = this.#state.nodesTotal + 1;
    const name = `node-${number}`;
    this.#state.setNode({
      name,
      order: String(number).padStart(9, "0"),
      labels: { "kubernetes.io/hostname": name },
      taints: [],
      unschedulable: false,
      allocatable: { cpu: 0, memory: 0, ...this.#capacity },
    });
  }

  /** True when the pod has found a place, which is then taken. */
  place(pod: PodInfo, strategy: Strategy): boolean {
    this.#work += strategy.order === undefined ? 1 + this.nodes / NODES_PER_WORK : 1;
    const node = this.#placer.place(pod, strategy)?.node;
    if (node === undefined) return false;
    const { uid, namespace, name, labels, priority, shape } = pod;
    this.#state.assume({ uid, namespace, name, labels: labels ?? {}, priority, shape }, node);
    return true;
  }

  /**
   * Places pods in their order; those with rules about others are tried again when others have come.
   * @returns false as soon as one is found that will never have a place
   */
  placeAll(pods: readonly PodInfo[], strategy: Strategy): boolean {
    let waiting: readonly PodInfo[] = pods;
    for (let before = Number.POSITIVE_INFINITY; waiting.length < before; ) {
      before = waiting.length;
      const left: PodInfo[] = [];
      for (const pod of waiting) {
        if (this.place(pod, strategy)) continue;
        if (pod.shape.rules === undefined) return false;
        left.push(pod);
      }
      if (left.length === 0) return true;
      waiting = left;
    }
    return false;
  }
}
