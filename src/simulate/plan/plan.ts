import type { Pod } from "../../api/kinds/pod.ts";
import { resourceAmount } from "../../api/quantity.ts";
import { createRandom } from "../../lib/random.ts";
import { ClusterState } from "../../scheduler/cache/cluster-state.ts";
import { Placer } from "../../scheduler/placement/placer.ts";
import { type PodInfo, PodInfos } from "../../scheduler/pod-info.ts";
import type { Strategy } from "../../scheduler/strategy.ts";
import type { Shape } from "../shape.ts";
import { type LowerBound, lowerBound } from "./lower-bound.ts";

/** What to plan for. */
export interface PlanOptions {
  readonly pods: readonly Pod[];
  readonly node: Shape;
  readonly strategies: readonly Strategy[];
  readonly seed: string;
  readonly order: PlanOrder;
}

/** The order of the queue: as the pods come, or those that ask for most of a node first. */
export type PlanOrder = "given" | "largest-first";

/** How many nodes a strategy needs. */
export interface StrategyPlan {
  readonly strategy: string;
  /** The fewest nodes that hold all pods when they are there from the start. */
  readonly nodes: number;
  /** Nodes when one is added whenever a pod fits nowhere. */
  readonly onDemand: number;
}

export interface Plan {
  readonly pods: number;
  /** Pods that fit on no node of this shape, however many there are; they are left out of the plans. */
  readonly neverFit: readonly string[];
  readonly lowerBound: LowerBound;
  readonly plans: readonly StrategyPlan[];
}

/** Kubelets take so many pods unless told otherwise. */
const PODS_PER_NODE = 110;

/** Finds for every strategy the fewest nodes of one shape that hold the pods, by placing them. Pure. */
export function makePlan({ pods, node, strategies, seed, order }: PlanOptions): Plan {
  const capacity = amountsOf(node);
  const infos = new PodInfos();
  const all = pods.map((pod) => infos.infoOf(pod));
  const fits = (pod: PodInfo) => new Trial(capacity, seed, 1).place(pod, strategies[0] as Strategy);
  const verdicts = new Map<string, boolean>();
  const workload = all.filter((pod) => {
    const known = verdicts.get(pod.shape.signature) ?? fits(pod);
    verdicts.set(pod.shape.signature, known);
    return known;
  });
  const queue = order === "given" ? workload : largestFirst(workload, capacity);
  const bound = lowerBound(
    workload.map(({ requests }) => requests),
    capacity,
  );
  return {
    pods: workload.length,
    neverFit: all.filter((pod) => verdicts.get(pod.shape.signature) === false).map(({ name }) => name),
    lowerBound: bound,
    plans: strategies.map((strategy) => {
      const onDemand = countOnDemand(queue, strategy, capacity, seed);
      const nodes = fewestNodes(queue, strategy, capacity, seed, bound.nodes, onDemand);
      return { strategy: strategy.name, nodes, onDemand };
    }),
  };
}

/** Scheduler amounts of a shape. */
function amountsOf(shape: Shape): Record<string, number> {
  const amounts: Record<string, number> = { pods: PODS_PER_NODE };
  for (const [name, quantity] of Object.entries(shape)) amounts[name] = resourceAmount(name, quantity);
  return amounts;
}

function largestFirst(pods: readonly PodInfo[], capacity: Readonly<Record<string, number>>): PodInfo[] {
  const share = ({ requests }: PodInfo) =>
    Math.max(0, ...Object.entries(requests).map(([name, amount]) => amount / (capacity[name] ?? amount)));
  return pods.toSorted((a, b) => share(b) - share(a));
}

function countOnDemand(
  pods: readonly PodInfo[],
  strategy: Strategy,
  capacity: Readonly<Record<string, number>>,
  seed: string,
): number {
  const trial = new Trial(capacity, seed, 0);
  for (const pod of pods) {
    if (trial.place(pod, strategy)) continue;
    trial.addNode();
    // Pods that keep away from each other may refuse even a new node; a plan can not help them.
    trial.place(pod, strategy);
  }
  return trial.nodes;
}

/**
 * Doubles from the lower bound until all pods have a place, then halves the gap. More nodes may, seldom, hold fewer
 * pods; the answer is a number that holds all while one less does not.
 */
function fewestNodes(
  pods: readonly PodInfo[],
  strategy: Strategy,
  capacity: Readonly<Record<string, number>>,
  seed: string,
  least: number,
  guess: number,
): number {
  if (pods.length === 0) return 0;
  const holds = (nodes: number) => {
    const trial = new Trial(capacity, seed, nodes);
    return pods.every((pod) => trial.place(pod, strategy));
  };
  if (holds(least)) return least;
  let [low, high] = [least, Math.max(guess, least + 1)];
  while (!holds(high)) {
    if (high > pods.length * 2) return high;
    [low, high] = [high, high * 2];
  }
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Nodes of one shape, filled by a strategy: the scheduler's own placement without a cluster around it. */
class Trial {
  readonly #state = new ClusterState();
  readonly #placer: Placer;
  readonly #capacity: Readonly<Record<string, number>>;

  constructor(capacity: Readonly<Record<string, number>>, seed: string, nodes: number) {
    this.#capacity = capacity;
    this.#placer = new Placer(this.#state, createRandom(seed));
    for (let node = 0; node < nodes; node++) this.addNode();
  }

  get nodes(): number {
    return this.#state.nodesTotal;
  }

  addNode(): void {
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
    const node = this.#placer.place(pod, strategy)?.node;
    if (node === undefined) return false;
    const { uid, namespace, name, labels, priority, shape } = pod;
    this.#state.assume({ uid, namespace, name, labels: labels ?? {}, priority, shape }, node);
    return true;
  }
}
