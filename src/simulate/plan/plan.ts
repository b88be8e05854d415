import type { Pod } from "../../api/kinds/pod.ts";
import { resourceAmount } from "../../api/quantity.ts";
import { drained } from "../../lib/drained.ts";
import { type PodInfo, PodInfos } from "../../scheduler/pod-info.ts";
import type { Strategy } from "../../scheduler/strategy.ts";
import type { Shape } from "../shape.ts";
import { type FewestNodes, fewestNodes } from "./fewest-nodes.ts";
import { type LowerBound, lowerBound } from "./lower-bound.ts";
import { Trial } from "./trial.ts";

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

/** How many nodes a strategy needs: `nodes` when they are there from the start. */
export interface StrategyPlan extends FewestNodes {
  readonly strategy: string;
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

/** So much work (as of trials) is put into numbers below the one that was found: some seconds. */
const WORK = 500_000;

/** Kubelets take so many pods unless told otherwise. */
const PODS_PER_NODE = 110;

/** Finds for every strategy the fewest nodes of one shape that hold the pods, by placing them. Pure. */
export function makePlan(options: PlanOptions): Plan {
  const { planFor, ...begun } = beginPlan(options);
  return { ...begun, plans: options.strategies.map((strategy) => drained(planFor(strategy))) };
}

/** A plan without its strategies, and what plans for one of them: that may take some seconds, with many a pause. */
export function beginPlan({
  pods,
  node,
  strategies,
  seed,
  order,
}: PlanOptions): Omit<Plan, "plans"> & { planFor(strategy: Strategy): Generator<void, StrategyPlan> } {
  const capacity = amountsOf(node);
  const infos = new PodInfos();
  const all = pods.map((pod) => infos.infoOf(pod));
  const fits = (pod: PodInfo) => new Trial(capacity, seed, 1).place(alone(pod), strategies[0] as Strategy);
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
    *planFor(strategy) {
      const onDemand = countOnDemand(queue, strategy, capacity, seed);
      yield;
      const most = Math.max(onDemand, 2 * queue.length);
      const found = yield* searchFor(queue, strategy, {
        capacity,
        seed,
        least: bound.nodes,
        guess: onDemand,
        most,
      });
      return { strategy: strategy.name, ...found, onDemand };
    },
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

/** A pod without its rules about others: whether it has room at all is no matter of who else is there yet. */
function alone(pod: PodInfo): PodInfo {
  const { rules: _, ...shape } = pod.shape;
  return { ...pod, shape };
}

interface Search {
  readonly capacity: Readonly<Record<string, number>>;
  readonly seed: string;
  readonly least: number;
  readonly guess: number;
  readonly most: number;
}

function searchFor(
  queue: readonly PodInfo[],
  strategy: Strategy,
  search: Search,
): Generator<void, FewestNodes> {
  let work = 0;
  let workBefore: number | undefined;
  const holds = (nodes: number) => {
    const trial = new Trial(search.capacity, search.seed, nodes);
    const isEnough = trial.placeAll(queue, strategy);
    work += trial.work;
    return isEnough;
  };
  const mayGoOn = () => {
    workBefore ??= work;
    return work - workBefore < WORK;
  };
  return fewestNodes({ ...search, holds, mayGoOn });
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
    // Pods that keep away from each other may refuse even a new node; a plan cannot help them.
    trial.place(pod, strategy);
  }
  return trial.nodes;
}
