import type { AutoscalerSpec, MetricTarget } from "../../api/kinds/horizontal-pod-autoscaler.ts";
import type { Container, Pod } from "../../api/kinds/pod.ts";
import { parseQuantity } from "../../api/quantity.ts";
import { groupPods, type Measured } from "./pod-groups.ts";

/** A ratio this near to 1 changes nothing, unless the autoscaler says otherwise. */
const TOLERANCE = 0.1;

/** How far above and below 1 a ratio may be without changing anything. */
export interface Tolerances {
  readonly up: number;
  readonly down: number;
}

/** Those of an autoscaler's `behavior.scaleUp.tolerance` and `behavior.scaleDown.tolerance`. */
export function tolerancesOf({ behavior }: Pick<AutoscalerSpec, "behavior">): Tolerances {
  const [up, down] = [behavior?.scaleUp?.tolerance, behavior?.scaleDown?.tolerance];
  return { up: parseQuantity(up ?? "") ?? TOLERANCE, down: parseQuantity(down ?? "") ?? TOLERANCE };
}

function isNear(ratio: number, { up, down }: Tolerances): boolean {
  return 1 - down <= ratio && ratio <= 1 + up;
}

/** What one metric says. */
export interface Proposal {
  readonly replicas: number;
  /** Of what is asked for, in percent; absent when the target is a value. */
  readonly utilization?: number;
  /** Mean of the pods, in milli units. */
  readonly average: number;
}

/** Why a metric says nothing; the message is for the condition. */
export class NoMetric extends Error {}

interface Question {
  readonly current: number;
  readonly pods: readonly Pod[];
  readonly measured: ReadonlyMap<string, Measured>;
  readonly resource: string;
  /** Only this container counts. */
  readonly container?: string;
  readonly target: MetricTarget;
  readonly tolerances: Tolerances;
  readonly now: number;
}

/**
 * How many pods there should be by one resource: ceil(ratio of use to target x pods). Pods without a measurement are
 * taken to use what holds the change back, and so are those that have just started when it goes up
 * (podautoscaler/replica_calculator.go).
 */
export function proposeReplicas(question: Question): Proposal {
  const { current, pods, measured, resource, target, now } = question;
  if (pods.length === 0) throw new NoMetric("no pods returned by selector while calculating replica count");
  const { ready, unready, missing } = groupPods(pods, measured, resource, now);
  if (ready.length === 0) {
    throw new NoMetric("did not receive metrics for targeted pods (pods might be unready)");
  }
  const requestOf = (pod: Pod) => requestedMilli(pod, question);
  const isUtilization = target.averageUtilization !== undefined;
  if (isUtilization) for (const pod of pods) requestOf(pod);
  const goal = isUtilization ? target.averageUtilization : milli(target.averageValue ?? "0");
  const values = new Map(ready.map((pod) => [pod, (measured.get(pod.metadata.name) as Measured).value]));
  const sumRequests = () => [...values.keys()].reduce((sum, pod) => sum + requestOf(pod), 0);
  const measure = () => {
    const total = [...values.values()].reduce((sum, value) => sum + value, 0);
    const average = Math.floor(total / values.size);
    const utilization = isUtilization ? Math.floor((100 * total) / sumRequests()) : undefined;
    return { average, utilization, ratio: (utilization ?? average) / (goal as number) };
  };
  const { average, utilization, ratio } = measure();
  const told = { average, ...(utilization !== undefined && { utilization }) };
  const isHeldByUnready = unready.length > 0 && ratio > 1;
  if (!isHeldByUnready && missing.length === 0) {
    const isKept = isNear(ratio, question.tolerances);
    return { ...told, replicas: isKept ? current : Math.ceil(ratio * ready.length) };
  }
  const fallback = (pod: Pod) =>
    isUtilization ? (requestOf(pod) * Math.max(100, goal as number)) / 100 : (goal as number);
  for (const pod of missing) if (ratio !== 1) values.set(pod, ratio < 1 ? fallback(pod) : 0);
  if (isHeldByUnready) for (const pod of unready) values.set(pod, 0);
  return { ...told, replicas: heldReplicas(question, ratio, measure().ratio, values.size) };
}

/** With assumptions in it a ratio may weaken a change, never turn it round. */
function heldReplicas(
  { current, tolerances }: Question,
  before: number,
  after: number,
  pods: number,
): number {
  const turned = (before < 1 && after > 1) || (before > 1 && after < 1);
  if (isNear(after, tolerances) || turned) return current;
  const replicas = Math.ceil(after * pods);
  const isWrongWay = (after < 1 && replicas > current) || (after > 1 && replicas < current);
  return isWrongWay ? current : replicas;
}

function requestedMilli(pod: Pod, { resource, container }: Question): number {
  const counted = pod.spec.containers.filter(({ name }) => container === undefined || name === container);
  if (counted.length === 0)
    throw new NoMetric(`container ${container} not present in metrics for pod ${pod.metadata.name}`);
  return counted.reduce((sum, each) => sum + requestOfContainer(pod, each, resource), 0);
}

function requestOfContainer(pod: Pod, { name, resources }: Container, resource: string): number {
  const text = resources?.requests?.[resource];
  if (text === undefined) {
    throw new NoMetric(`missing request for ${resource} in container ${name} of Pod ${pod.metadata.name}`);
  }
  return milli(text);
}

/** A quantity in thousandths of its unit. */
export function milli(text: string): number {
  return Math.ceil((parseQuantity(text) ?? 0) * 1_000);
}
