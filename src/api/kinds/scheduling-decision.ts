import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { KUBESIM_GROUP } from "../well-known.ts";
import { AGE, NAME, NONE, textColumn } from "./columns.ts";

/**
 * What the scheduler thought when it last tried a pod; named like the pod. Kept in memory, newest first to be dropped
 * last, read by `kubesim explain pod`. Never written by clients.
 */
export interface SchedulingDecision extends KubeObject {
  readonly podUid: string;
  /** RFC 3339 with microseconds. */
  readonly decidedAt: string;
  readonly strategy: string;
  /** How often the pod has been tried, this time included. */
  readonly attempts: number;
  /** The node it was bound to; absent when it fits nowhere. */
  readonly nodeName?: string;
  /** All nodes of the cluster at that moment, and those that passed every filter (absent when not counted). */
  readonly nodesTotal: number;
  readonly nodesFeasible?: number;
  /** What the pod asks for, in scheduler units: cpu in milli, memory in bytes, others as counts. */
  readonly requests: Readonly<Record<string, number>>;
  /** Best first; what the strategy compared, in its own words. */
  readonly topScores: readonly { readonly nodeName: string; readonly score: number; readonly why?: string }[];
  /** Why nodes were ruled out, by Kubernetes' reason. */
  readonly reasons: readonly { readonly reason: string; readonly nodes: number }[];
  /** Per requested resource: where most of it is free, in scheduler units. */
  readonly largestFree: readonly {
    readonly resource: string;
    readonly nodeName: string;
    readonly free: number;
  }[];
  /** Pods of less priority that were sent away for it, as `namespace/name`; absent when there were none. */
  readonly victims?: readonly string[];
  /** The sentence of the FailedScheduling or Scheduled event. */
  readonly message: string;
}

export const schedulingDecisions: Kind<SchedulingDecision> = {
  group: KUBESIM_GROUP,
  version: "v1alpha1",
  kind: "SchedulingDecision",
  plural: "schedulingdecisions",
  singular: "schedulingdecision",
  shortNames: [],
  categories: ["kubesim"],
  namespaced: true,
  readOnly: true,
  schema: "dev.kubesim.v1alpha1.SchedulingDecision",
  statusSubresource: false,
  columns: [
    NAME,
    textColumn("Node", "Where the pod went.", (decision: SchedulingDecision) => decision.nodeName ?? NONE),
    textColumn("Strategy", "Strategy that decided.", (decision: SchedulingDecision) => decision.strategy),
    {
      name: "Attempts",
      type: "integer",
      description: "How often the pod has been tried.",
      priority: 0,
      cell: (decision) => decision.attempts,
    },
    AGE,
    textColumn(
      "Message",
      "What was decided, in words.",
      (decision: SchedulingDecision) => decision.message,
      1,
    ),
  ],
  selectableFields: { nodeName: (decision) => decision.nodeName ?? "" },
  validate: (decision, old) => validateMetadata(decision.metadata, old?.metadata),
};
