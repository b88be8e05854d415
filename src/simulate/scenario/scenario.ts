import type { OpenbResource } from "../files/openb.ts";
import type { Distribution } from "../generate/distribution.ts";

/** The `spec` of a `kind: Scenario`, checked and with its defaults; plain JSON data. Times are milliseconds. */
export interface Scenario {
  readonly name: string;
  /** In order of creation. */
  readonly nodes: readonly NodeSource[];
  /** In the order in which pods that come at one instant join the queue. */
  readonly workload: readonly WorkloadSource[];
  readonly strategies: readonly StrategyChoice[];
  readonly seeds: readonly string[];
  /** Name of a queue discipline. */
  readonly queue: string;
  /** Name of a timing profile. */
  readonly timing: string;
  readonly faults: readonly FaultProcess[];
  readonly events: readonly FixedEvent[];
  /** Absent: until nothing is left to happen. */
  readonly durationMs?: number;
  /** Conditions as of chaos: `pending==0`; the run ends as soon as one holds. */
  readonly stop: readonly string[];
}

/** Name of a strategy; with `source`, a user's own (the text of an ES module). */
export interface StrategyChoice {
  readonly name: string;
  readonly source?: string;
  /** Where the source was read. */
  readonly file?: string;
}

/** Where nodes come from: a number of one shape, or a file. */
export type NodeSource = NodeShape | NodeFile;

export interface NodeShape {
  readonly count: number;
  /** Nodes are called `PREFIX-1`, `PREFIX-2`, ... */
  readonly prefix: string;
  readonly cpu: string;
  readonly memory: string;
  readonly pods: string;
  /** Devices, which pods can share. */
  readonly gpu: number;
  readonly labels: Readonly<Record<string, string>>;
  /** They are dealt out to so many zones, `zone-1` first; 0: none. */
  readonly zones: number;
  /** True: `count` is the most that there may be, and each is added when the first pod in the queue fits nowhere. */
  readonly onDemand: boolean;
}

export interface NodeFile {
  readonly file: string;
  /** Takes rows 0, N, 2N, ... */
  readonly every: number;
  readonly limit?: number;
  /** What openb rows have: GPUs only when they stand here. */
  readonly resources: readonly OpenbResource[];
  /** Only nodes with these labels; rows are counted after that. */
  readonly select?: string;
}

/** Where pods come from: a file, or a generator. */
export type WorkloadSource = WorkloadFile | Generator;

export interface WorkloadFile {
  readonly file: string;
  readonly resources: readonly OpenbResource[];
  /** `none`: all there at the start, never leaving; `trace`: the file's own times. Absent: those, if it has some. */
  readonly arrivals?: "none" | "trace";
  readonly limit?: number;
  /** `shuffled`: in another order with each seed. */
  readonly order: "file" | "shuffled";
  /** How much they ask for in all: so many times what the nodes have. */
  readonly demand?: Demand;
}

/** So many times what all nodes have of a resource. */
export interface Demand {
  readonly resource: OpenbResource;
  readonly times: number;
}

export interface Generator {
  /** Names its streams of chance and its pods. */
  readonly name: string;
  readonly arrivals: Arrivals;
  /** So many pods at most. */
  readonly count?: number;
  /** In cores. */
  readonly cpu: Distribution;
  /** In bytes. */
  readonly memory: Distribution;
  /** In devices: below 1 a share of one, else rounded to whole ones; absent: none. */
  readonly gpu?: Distribution;
  /** In milliseconds; absent: they run for ever. */
  readonly duration?: Distribution;
}

/** When generated pods come. Rates are pods per second. */
export type Arrivals =
  | { readonly process: "poisson"; readonly rate: number }
  | { readonly process: "constant"; readonly rate: number }
  | { readonly process: "burst"; readonly size: number; readonly everyMs: number }
  /** A Poisson process whose rate goes up and down like a sine, from `low` to `high` once a period. */
  | { readonly process: "diurnal"; readonly low: number; readonly high: number; readonly periodMs: number }
  /** All at the start. */
  | { readonly process: "none" };

/** How nodes fail and come back by chance, from the start to the end of the run unless it says otherwise. */
export type FaultProcess = TickFaults | RenewalFaults;

/** When a process hurts nodes. What is hurt then comes back as it would have come back anyway. */
export interface FaultSpan {
  /** Nobody fails before; absent: 0. */
  readonly fromMs?: number;
  /** Nobody fails from then on; absent: for ever. */
  readonly untilMs?: number;
}

/** As `kubesim chaos` does it: at every tick first recoveries, then failures. */
export interface TickFaults extends FaultSpan {
  readonly fault: string;
  readonly tickMs: number;
  readonly failureProbability: number;
  readonly recoveryProbability: number;
}

/** Each node goes through up times and down times drawn from two distributions, in ms. */
export interface RenewalFaults extends FaultSpan {
  readonly fault: string;
  readonly upMs: Distribution;
  readonly downMs: Distribution;
  /** Only nodes with these labels. */
  readonly select?: string;
}

/** Something that happens at a fixed time. */
export interface FixedEvent {
  readonly atMs: number;
  readonly action: "crash" | "hang" | "heal" | "cordon" | "uncordon" | "remove" | "strategy";
  /** Name of a node, `busiest`, `all`, `zone ZONE`, or of a strategy. */
  readonly target: string;
}
