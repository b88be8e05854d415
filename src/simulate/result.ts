/**
 * What one run of a scenario came to: one strategy, one seed. Plain JSON data; times are seconds, shares 0 to 1.
 * `-o json` prints these as `results`.
 */
export interface SimulationResult {
  readonly strategy: string;
  readonly seed: string;
  readonly queue: string;
  /** `partial`: it was interrupted, and the figures are of what had been simulated by then. */
  readonly status: "completed" | "partial";
  readonly simulatedSeconds: number;
  /** Pods of the workload that have come. */
  readonly pods: number;
  /** Those that have, or had until they ended, a node. */
  readonly placed: number;
  readonly pending: number;
  /** Of the pending ones, those that are larger than any node. */
  readonly neverFitting: number;
  readonly finished: number;
  /** Nodes in the placement. */
  readonly nodesUsed: number;
  /** Of lines `POD NODE`, or `POD -` for a pod without a node, in the order of the workload. */
  readonly placementSha256: string;
  /** Pods that did not start the moment they came. */
  readonly waited: number;
  readonly totalWaitSeconds: number;
  /** When the last pod ended; null while none has. */
  readonly makespanSeconds: number | null;
  /** Of lines `POD START` in seconds, or `POD -`, in the order of the workload. */
  readonly startSha256: string;
  readonly waits: WaitStatistics | null;
  readonly utilisation: Utilisation;
  /** How much of the GPUs that are shared is given to pods at the end, 0 to 100; null where there are none. */
  readonly gpuAllocationPercent: number | null;
  readonly faults: FaultStatistics;
  /** Fixed events of the scenario that could not be carried out, in order. */
  readonly eventsNotApplied: readonly EventNotApplied[];
  readonly timeline: readonly TimelinePoint[];
  /** Must be 0; anything else is a defect of kubesim. */
  readonly invariantViolations: number;
  readonly violations: readonly string[];
  readonly events: number;
  readonly eventLogSha256: string;
}

/** A fixed event for which there was no node any more. */
export interface EventNotApplied {
  readonly atSeconds: number;
  /** `crash node-1`. */
  readonly event: string;
  readonly reason: string;
}

/** Of pods that have started. */
export interface WaitStatistics {
  readonly meanSeconds: number;
  readonly p50Seconds: number;
  readonly p95Seconds: number;
  readonly p99Seconds: number;
  readonly maxSeconds: number;
  /** Mean of max(1, (wait + run) / max(run, 10 s)) over finished pods; null when none has finished. */
  readonly boundedSlowdown: number | null;
  /** How many waited how long, from no wait at all up. */
  readonly histogram: readonly WaitBucket[];
}

/** Pods that waited longer than those of the bucket before, and up to so long; null: any longer. */
export interface WaitBucket {
  readonly upToSeconds: number | null;
  readonly pods: number;
}

/** Means over the simulated time of what is asked for, as a share of what the nodes have. */
export interface Utilisation {
  readonly cpu: number;
  readonly memory: number;
  /** Share of the free CPU that lies on nodes with too little room for the workload's median pod. */
  readonly fragmentation: number;
}

/** Null where nothing of the kind has happened. */
export interface FaultStatistics {
  readonly injected: number;
  readonly detected: number;
  readonly evictions: number;
  /** Mean time from a fault to the first Ready that is not True. */
  readonly mttdSeconds: number | null;
  /** Mean time from a fault until an evicted pod runs again. */
  readonly mttrSeconds: number | null;
  /** Up node-seconds by the faults that acted. */
  readonly availability: number | null;
  /** Truly alive pod-seconds of desired pod-seconds. */
  readonly podAvailability: number | null;
  /** Pod-seconds without room. */
  readonly unschedulableSeconds: number;
}

/** The cluster at a time; cpu in cores, memory in bytes. */
export interface TimelinePoint {
  readonly atSeconds: number;
  readonly cpuUsed: number;
  readonly cpuTotal: number;
  readonly memoryUsed: number;
  readonly memoryTotal: number;
  readonly running: number;
  readonly pending: number;
  readonly fragmentation: number;
}
