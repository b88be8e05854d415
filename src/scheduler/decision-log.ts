import type { SchedulingDecision } from "../api/kinds/scheduling-decision.ts";
import { keyText, microTimestamp, type ObjectKey, timestamp } from "../api/meta.ts";
import type { Diagnosis } from "./diagnosis.ts";
import { assignedMessage } from "./messages.ts";
import type { PodInfo } from "./pod-info.ts";
import { failuresOf, type QueuedPod } from "./queue/pod-class.ts";

/** So many pods are remembered, those that were decided on last. */
const REMEMBERED = 100_000;

type TopScores = SchedulingDecision["topScores"];

/** How a pod was placed, as short as it can be kept. */
export interface PlacedRecord {
  readonly uid: string;
  readonly requests: Readonly<Record<string, number>>;
  readonly atMs: number;
  readonly strategy: string;
  readonly attempts: number;
  readonly nodeName: string;
  readonly nodesTotal: number;
  readonly feasible: number | undefined;
  readonly topScores: TopScores;
  /** Pods that were sent away for it, as `namespace/name`. */
  readonly victims: readonly string[];
}

/** How pods were placed, by `namespace/name`, those last decided on last. */
export type PlacedRecords = ReadonlyMap<string, PlacedRecord>;

/** The latest decision about each pod, in memory, bounded; written out when somebody reads it. */
export class DecisionLog {
  readonly #latest = new Map<string, PlacedRecord | QueuedPod>();
  /** Goes on from where the oldest was dropped last: from the start it would come by all that were dropped before. */
  readonly #oldest = this.#latest.keys();
  readonly #diagnosisOf: (pod: QueuedPod) => Diagnosis;
  readonly #victimsOf: (uid: string) => readonly string[];

  /**
   * @param diagnosisOf why a pod waits
   * @param victimsOf who was sent away for a pod, as `namespace/name`
   */
  constructor(diagnosisOf: (pod: QueuedPod) => Diagnosis, victimsOf: (uid: string) => readonly string[]) {
    this.#diagnosisOf = diagnosisOf;
    this.#victimsOf = victimsOf;
  }

  /** What another scheduler decided before. */
  remember(placed: PlacedRecords): void {
    for (const [text, record] of placed) this.#latest.set(text, record);
  }

  /** The pods that were placed; what is said of those that wait is its own scheduler's matter. */
  placedRecords(): PlacedRecords {
    const placed = new Map<string, PlacedRecord>();
    for (const [text, latest] of this.#latest) if ("nodeName" in latest) placed.set(text, latest);
    return placed;
  }

  /** Remembers that a pod was placed. */
  placed(info: PodInfo, record: PlacedRecord): void {
    this.#add(info, record);
  }

  /** Remembers that a pod fits nowhere; why is asked for when somebody wants to know. */
  waits(pod: QueuedPod): void {
    this.#add(pod.info, pod);
  }

  get(key: ObjectKey): SchedulingDecision | undefined {
    const latest = this.#latest.get(keyText(key));
    return latest && this.#expand(key, latest);
  }

  list(): SchedulingDecision[] {
    return [...this.#latest].map(([text, latest]) => {
      const [namespace, name] = text.split("/") as [string, string];
      return this.#expand({ namespace, name }, latest);
    });
  }

  #add({ namespace, name }: PodInfo, latest: PlacedRecord | QueuedPod): void {
    const text = keyText({ namespace, name });
    this.#latest.delete(text);
    this.#latest.set(text, latest);
    if (this.#latest.size <= REMEMBERED) return;
    this.#latest.delete(this.#oldest.next().value as string);
  }

  #expand(key: ObjectKey, latest: PlacedRecord | QueuedPod): SchedulingDecision {
    if ("nodeName" in latest) return placedDecision(key, latest);
    return {
      ...waitingDecision(key, latest, this.#diagnosisOf(latest)),
      ...victimsPart(this.#victimsOf(latest.info.uid)),
    };
  }
}

function waitingDecision(key: ObjectKey, pod: QueuedPod, diagnosis: Diagnosis): SchedulingDecision {
  const { info, podClass } = pod;
  return {
    ...frame(key, info.uid, podClass.lastTriedMs),
    strategy: podClass.lastStrategy,
    attempts: failuresOf(pod),
    nodesTotal: diagnosis.nodesTotal,
    nodesFeasible: 0,
    requests: info.requests,
    topScores: [],
    reasons: diagnosis.reasons,
    largestFree: diagnosis.largestFree,
    message: diagnosis.message,
  };
}

function placedDecision(key: ObjectKey, record: PlacedRecord): SchedulingDecision {
  const { uid, atMs, strategy, attempts, nodeName, nodesTotal, feasible, requests, topScores } = record;
  return {
    ...frame(key, uid, atMs),
    strategy,
    attempts,
    nodeName,
    nodesTotal,
    ...(feasible !== undefined && { nodesFeasible: feasible }),
    requests,
    topScores,
    reasons: [],
    largestFree: [],
    message: assignedMessage(key.namespace ?? "default", key.name, nodeName),
    ...victimsPart(record.victims),
  };
}

function victimsPart(victims: readonly string[]): Pick<SchedulingDecision, "victims"> {
  return victims.length === 0 ? {} : { victims };
}

/** What every object carries. It is not stored, so its version says when it was made. */
function frame(key: ObjectKey, podUid: string, atMs: number) {
  return {
    apiVersion: "kubesim.dev/v1alpha1",
    kind: "SchedulingDecision",
    metadata: { ...key, uid: podUid, resourceVersion: String(atMs), creationTimestamp: timestamp(atMs) },
    podUid,
    decidedAt: microTimestamp(atMs),
  };
}
