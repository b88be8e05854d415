import type { GpuDemand } from "../api/gpu.ts";
import type { NodeTaint } from "../api/kinds/node.ts";
import type { PodSpec } from "../api/kinds/pod.ts";
import type { Random } from "../lib/random.ts";
import type { Fragmentation } from "./fragmentation/fragmentation.ts";
import type { Wishes } from "./neighbours/wishes.ts";

/**
 * How a node is chosen among those that pass every filter. A plain object; one file in strategies/, one line in
 * registry.ts. A user's own file has the same shape as its default export and needs only `name` and `score`.
 */
export interface Strategy {
  readonly name: string;
  readonly summary: string;
  /** Higher is better; the node created first wins a tie. Pure, so that a run can be repeated. */
  readonly score: (pod: PodView, node: NodeView, context: ScoreContext) => number;
  /** Lets an index answer in O(log n). Absent: every node that passes the filters is scored. */
  readonly order?: Order;
  /** Scores that depend on the other candidates (normalised ones): all at once, in place of `score`. */
  readonly scoreAll?: (pod: PodView, nodes: readonly NodeView[], context: ScoreContext) => ArrayLike<number>;
  /**
   * How many feasible nodes of a cluster are enough to choose among; each search goes on where the last one ended.
   * Absent: all.
   */
  readonly enough?: (nodesTotal: number) => number;
  /** Who wins among equal scores; absent: the node created first. */
  readonly ties?: "first" | "random" | "name";
  /**
   * Which GPU of the chosen node a pod gets a share of, by index; absent: the one with the least left that is enough.
   * Whole GPUs are taken in the order of their indexes.
   */
  readonly device?: (pod: PodView, node: NodeView, context: ScoreContext) => number;
  /** Of one that somebody else wrote, which may never end: does what calls it, and fails with TimeLimitError then. */
  readonly withinTime?: (work: () => void) => void;
  /** What the score of a node means, in words: for `kubesim explain`. */
  readonly explain?: (pod: PodView, node: NodeView, context: ScoreContext) => string;
}

/** The order in which a strategy prefers nodes: the first in it that has room is the one with the highest score. */
export type Order = CreationOrder | KeyOrder | RandomOrder;

/** In order of creation, beginning at a node and coming round. */
export interface CreationOrder {
  readonly by: "creation";
  /** The place to begin at; absent: at the first node. */
  readonly from?: (context: ScoreContext) => number;
}

/**
 * Ascending keys, ties in order of creation. The key is a function of the node's state alone. Where the order depends
 * on the pod, `group` names the nodes among which it does not; the best of each group are compared by `score`.
 */
export interface KeyOrder {
  readonly by: "key";
  readonly key: (node: NodeView) => number;
  /** A function of labels and allocatable alone. */
  readonly group?: (node: NodeView) => string;
}

/** Every node that has room is as likely as the next. */
export interface RandomOrder {
  readonly by: "chance";
}

/** What a strategy sees of the pod. Quantities in scheduler units: cpu in milli, memory in bytes, others as counts. */
export interface PodView {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly priority: number;
  /** What the pod asks for; `cpu` and `memory` are always there. */
  readonly requests: Readonly<Record<string, number>>;
  /** As `requests`, but containers that ask for no cpu or memory count as 100m and 200Mi. */
  readonly nonZeroRequests: NonZeroAmounts;
  /** What it asks for of GPUs that are shared. */
  readonly gpu?: GpuDemand;
  readonly spec: Pick<PodSpec, "affinity" | "tolerations">;
}

/** What a strategy sees of a node, before the pod is placed. */
export interface NodeView {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly NodeTaint[];
  /** Place in order of creation, from 0; nodes that were removed may leave gaps. */
  readonly index: number;
  /** `cpu`, `memory` and `pods` are always there. */
  readonly allocatable: Readonly<Record<string, number>>;
  /** Sum of the requests of the pods on it; `cpu` and `memory` are always there. */
  readonly requested: Readonly<Record<string, number>>;
  readonly nonZeroRequested: NonZeroAmounts;
  readonly podCount: number;
  /** GPUs that are shared, if it has some. */
  readonly gpus: GpuView | undefined;
  /** Rises with everything that changes in it. */
  readonly version: number;
}

/** The GPUs of a node: what is left of each, in thousandths; 1000: nobody uses it. */
export interface GpuView {
  readonly left: readonly number[];
}

/** cpu in milli and memory in bytes as the `kubernetes` strategy counts them for scoring. */
export interface NonZeroAmounts {
  readonly cpu: number;
  readonly memory: number;
}

export interface ScoreContext {
  readonly random: Random;
  /** How many placements have been made before, for strategies that take turns. */
  readonly placements: number;
  /** `index` of the node that was chosen last; -1 before the first choice. */
  readonly lastIndex: number;
  readonly nodesTotal: number;
  /** What speaks for and against places without ruling them out; only kubesim's own strategies are shown it. */
  readonly wishesOf?: (pod: PodView) => Wishes | undefined;
  /** What is left over on nodes for the pods that usually come; only kubesim's own strategies are shown it. */
  readonly fragmentation?: () => Fragmentation;
}
