import type { Pod } from "../../api/kinds/pod.ts";
import type { Condition } from "../../api/meta.ts";
import { extend } from "../../lib/extend.ts";
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
  const before = pod.status.conditions;
  const isAllWell = isReady(standing) && closedGates(pod) === undefined;
  const fresh = isAllWell ? runningConditions(time) : otherConditions(pod, standing, isSucceeded, time);
  if (before === undefined) return [...fresh, scheduledCondition(time)];
  const [only] = before;
  if (before.length === 1 && only?.type === "PodScheduled") return [...fresh, only];
  const others = before.filter(({ type }) => !isKubeletCondition(type));
  const isScheduled = others.some(({ type }) => type === "PodScheduled");
  const kept = fresh.map((condition) => keepTransition(condition, before));
  return isScheduled ? [...kept, ...others] : [...kept, ...others, scheduledCondition(time)];
}

/** True when all containers that go on are ready. */
function isReady({ isOver, hasSandbox, containers: { init, main } }: Standing): boolean {
  if (isOver || !hasSandbox) return false;
  return main.every((life) => life.isReady) && init.every((life) => life.isReady);
}

/** A condition that did not change its status keeps the time of its transition. */
function keepTransition(condition: Condition, before: readonly Condition[]): Condition {
  const same = before.find(({ type }) => type === condition.type);
  if (same?.status !== condition.status || same.lastTransitionTime === undefined) return condition;
  return { ...condition, lastTransitionTime: same.lastTransitionTime };
}

function scheduledCondition(time: string): Condition {
  return { type: "PodScheduled", status: "True", lastProbeTime: null, lastTransitionTime: time };
}

interface Reason {
  readonly reason: string;
  readonly message?: string;
}

function otherConditions(
  pod: Pod,
  standing: Standing,
  isSucceeded: boolean,
  time: string,
): readonly Condition[] {
  const at = { lastProbeTime: null, lastTransitionTime: time };
  const condition = (type: string, reason: Reason | undefined): Condition => ({
    type,
    status: reason === undefined ? "True" : "False",
    ...at,
    ...reason,
  });
  const { hasSandbox, isOver } = standing;
  const unready = unreadyReason(standing, isSucceeded);
  const initialized = uninitializedReason(standing);
  const completed = isSucceeded ? { reason: "PodCompleted" } : {};
  return [
    { type: "PodReadyToStartContainers", status: hasSandbox && !isOver ? "True" : "False", ...at },
    extend(condition("Initialized", initialized), completed),
    condition("Ready", unready ?? gateReason(pod)),
    condition("ContainersReady", unready),
  ];
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
