import type { LabelSelector } from "../../api/label-selector.ts";

/** Which pods a rule is about, and which label of their nodes says where they are. */
export interface NeighbourTerm {
  /** Equal for terms that mean the same. */
  readonly signature: string;
  /** Absent: no pods. */
  readonly selector?: LabelSelector;
  readonly namespaces: readonly string[];
  /** Namespaces by their labels, beside those named. */
  readonly namespaceSelector?: LabelSelector;
  readonly topologyKey: string;
}

/** A term that is wished for, or against with negative weight. */
export interface WeightedTerm {
  readonly term: NeighbourTerm;
  readonly weight: number;
}

/** One topology spread constraint. */
export interface SpreadRule extends NeighbourTerm {
  readonly maxSkew: number;
  readonly minDomains: number;
  /** Nodes that the pod's node selector and affinity rule out do not count. */
  readonly honoursAffinity: boolean;
  /** Nodes with taints that the pod does not tolerate do not count. */
  readonly honoursTaints: boolean;
}

/** What a pod wants of the pods around it. */
export interface NeighbourRules {
  readonly signature: string;
  /** Required: with pods that meet all of these terms at once, in the place that each term names. */
  readonly affinity: readonly NeighbourTerm[];
  /** Required: where no pod meets any of these. */
  readonly antiAffinity: readonly NeighbourTerm[];
  readonly preferred: readonly WeightedTerm[];
  /** Constraints with DoNotSchedule. */
  readonly spread: readonly SpreadRule[];
  /** Constraints with ScheduleAnyway. */
  readonly preferredSpread: readonly SpreadRule[];
}
