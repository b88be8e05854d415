import { type Pod, queuePlace } from "../api/kinds/pod.ts";
import { isFinished } from "../api/kinds/pod-phase.ts";
import { SCHEDULER_NAME } from "../api/well-known.ts";
import { type Constraints, NO_CONSTRAINTS, type PodShape, podShape } from "./cache/pod-shape.ts";
import { namedNodes } from "./filters/node-selector.ts";
import type { PlaceablePod } from "./placement/pod.ts";
import { podRequests } from "./pod-requests.ts";

/** A pod as the queue holds it. */
export interface PodInfo extends PlaceablePod {
  readonly uid: string;
  /** Place in the queue among pods of its priority; sorts as text. */
  readonly place: string;
  /** False when it must not push out others (preemptionPolicy Never). */
  readonly mayPreempt: boolean;
  readonly pod: Pod;
}

/** Shapes are shared between pods; so many are kept for that. */
const SHAPES = 16_384;

/** Makes what the scheduler needs to know of pods. Pods of equal shape share it: 150,000 pods cost little. */
export class PodInfos {
  readonly #shapes = new Map<string, PodShape>();

  /** Everything about a pod that waits. */
  infoOf(pod: Pod): PodInfo {
    const { metadata, spec } = pod;
    const shape = this.shapeOf(pod);
    return {
      namespace: metadata.namespace ?? "default",
      name: metadata.name,
      uid: metadata.uid,
      place: queuePlace(pod),
      labels: metadata.labels ?? {},
      priority: spec.priority ?? 0,
      mayPreempt: spec.preemptionPolicy !== "Never",
      requests: shape.requests,
      nonZeroRequests: shape.nonZeroRequests,
      spec,
      shape,
      pod,
    };
  }

  /** What filters look at, of any pod. */
  shapeOf(pod: Pod): PodShape {
    const { requests, nonZeroRequests } = podRequests(pod.spec);
    const shape = podShape(requests, constraintsOf(pod), nonZeroRequests);
    const known = this.#shapes.get(shape.signature);
    if (known !== undefined) return known;
    if (this.#shapes.size >= SHAPES) this.#shapes.clear();
    this.#shapes.set(shape.signature, shape);
    return shape;
  }
}

/** True for a pod that this scheduler has to place. */
export function isWaiting(pod: Pod): boolean {
  const { spec, metadata } = pod;
  if (spec.nodeName || metadata.deletionTimestamp !== undefined || isFinished(pod)) return false;
  return isOurs(pod) && !isGated(pod);
}

/** Held back on purpose until somebody empties its schedulingGates. */
export function isGated(pod: Pod): boolean {
  return (pod.spec.schedulingGates?.length ?? 0) > 0;
}

/** Pods can name another scheduler. */
export function isOurs(pod: Pod): boolean {
  return (pod.spec.schedulerName ?? SCHEDULER_NAME) === SCHEDULER_NAME;
}

function constraintsOf({ spec }: Pod): Constraints {
  const { nodeSelector, affinity, tolerations = [] } = spec;
  const nodeTerms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (nodeSelector === undefined && nodeTerms === undefined && tolerations.length === 0)
    return NO_CONSTRAINTS;
  const tolerated = tolerations.map(({ key, operator, value, effect }) => [key, operator, value, effect]);
  const pinnedTo = nodeTerms && namedNodes(nodeTerms);
  return {
    signature: JSON.stringify([nodeSelector, nodeTerms, tolerated]),
    ...(nodeSelector && { nodeSelector }),
    ...(nodeTerms && { nodeTerms }),
    ...(pinnedTo && { pinnedTo }),
    tolerations,
  };
}
