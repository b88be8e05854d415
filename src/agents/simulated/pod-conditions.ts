import type { Pod } from "../../api/kinds/pod.ts";
import type { Condition } from "../../api/meta.ts";
import type { Mutable } from "../../lib/mutable.ts";
import type { PodView } from "./pod-status.ts";
import { closedGates } from "./readiness-gates.ts";

/** What the conditions of a pod follow from. */
type Standing = Pick<PodView, "hasSandbox" | "isOver" | "containers">;

const KUBELET_CONDITIONS = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady"] as const;

/** True for a condition that a kubelet says something of. */
export function isKubeletCondition(type: string): boolean {
  return (KUBELET_CONDITIONS as readonly string[]).includes(type);
}

/** The conditions of a pod as its kubelet sees them; those of others are kept. */
export function podConditions(
  pod: Pod,
  standing: Standing,
  isSucceeded: boolean,
  time: string,
): readonly Condition[] {
  const before = pod.status.conditions ?? NONE;
  const [only] = before;
  const isNew = before.length === 0 || (before.length === 1 && only?.type === "PodScheduled");
  const isAllWell = isReady(standing) && closedGates(pod) === undefined;
  const conditions =
    isNew && isAllWell ? [...runningConditions(time)] : kubeletConditions(pod, standing, isSucceeded, time);
  let isScheduled = false;
  for (const condition of before) {
    if (isKubeletCondition(condition.type)) continue;
    if (condition.type === "PodScheduled") isScheduled = true;
    conditions.push(condition);
  }
  if (!isScheduled) conditions.push(scheduledCondition(time));
  return conditions;
}

/** True when all containers that go on are ready. */
function isReady({ isOver, hasSandbox, containers: { init, main } }: Standing): boolean {
  if (isOver || !hasSandbox) return false;
  return main.every((life) => life.isReady) && init.every((life) => life.isReady);
}

function scheduledCondition(time: string): Condition {
  return { type: "PodScheduled", status: "True", lastProbeTime: null, lastTransitionTime: time };
}

interface Reason {
  readonly reason: string;
  readonly message?: string;
}

const NONE: readonly Condition[] = [];
const COMPLETED: Reason = { reason: "PodCompleted" };

function kubeletConditions(pod: Pod, standing: Standing, isSucceeded: boolean, time: string): Condition[] {
  const before = pod.status.conditions ?? NONE;
  const { hasSandbox, isOver } = standing;
  const unready = unreadyReason(standing, isSucceeded);
  const isInitialized = standing.containers.isInitialized;
  const initialReason = isSucceeded ? COMPLETED : uninitializedReason(standing);
  return [
    conditionOf(before, "PodReadyToStartContainers", hasSandbox && !isOver, undefined, time),
    conditionOf(before, "Initialized", isInitialized, initialReason, time),
    readiness(before, "Ready", unready ?? gateReason(pod), time),
    readiness(before, "ContainersReady", unready, time),
  ];
}

/** A condition that holds unless there is a reason why not. */
function readiness(
  before: readonly Condition[],
  type: string,
  why: Reason | undefined,
  time: string,
): Condition {
  return conditionOf(before, type, why === undefined, why, time);
}

/** A condition that does not change its status keeps the time of its transition. */
function conditionOf(
  before: readonly Condition[],
  type: string,
  holds: boolean,
  reason: Reason | undefined,
  time: string,
): Condition {
  const status = holds ? "True" : "False";
  const condition: Mutable<Condition> = { type, status, lastProbeTime: null, lastTransitionTime: time };
  for (const known of before) {
    if (known.type !== type || known.status !== status) continue;
    condition.lastTransitionTime = known.lastTransitionTime ?? time;
  }
  if (reason === undefined) return condition;
  condition.reason = reason.reason;
  if (reason.message !== undefined) condition.message = reason.message;
  return condition;
}

function unreadyReason(standing: Standing, isSucceeded: boolean): Reason | undefined {
  if (standing.isOver) return { reason: isSucceeded ? "PodCompleted" : "PodFailed" };
  const { init, main } = standing.containers;
  const goingOn = [...init.filter(({ role }) => role === "sidecar"), ...main];
  const names = goingOn.filter((life) => !life.isReady).map(({ container }) => container.name);
  if (names.length === 0) return undefined;
  return { reason: "ContainersNotReady", message: `containers with unready status: [${names.join(" ")}]` };
}

function uninitializedReason({ containers: { isInitialized, init } }: Standing): Reason | undefined {
  if (isInitialized) return undefined;
  const incomplete = init.filter((life) => !(life.role === "sidecar" ? life.isStarted : life.isReady));
  const names = incomplete.map(({ container }) => container.name).join(" ");
  return { reason: "ContainersNotInitialized", message: `containers with incomplete status: [${names}]` };
}

function gateReason(pod: Pod): Reason | undefined {
  const message = closedGates(pod);
  return message === undefined ? undefined : { reason: "ReadinessGatesNotReady", message };
}

/** Pods that start within the same second share their conditions. */
let shared: { readonly time: string; readonly conditions: readonly Condition[] } | undefined;

function runningConditions(time: string): readonly Condition[] {
  if (shared?.time !== time) {
    const conditions = KUBELET_CONDITIONS.map(
      (type): Condition => ({ type, status: "True", lastProbeTime: null, lastTransitionTime: time }),
    );
    shared = { time, conditions };
  }
  return shared.conditions;
}
