import type { ContainerState, ContainerStatus, Pod, PodPhase, PodStatus } from "../../api/kinds/pod.ts";
import type { Mutable } from "../../lib/mutable.ts";
import type { ContainerLife } from "./containers/container-life.ts";
import { containerId, endedState, runningState, secondText } from "./containers/container-state.ts";
import { type EphemeralEndings, ephemeralStatuses } from "./ephemeral-containers.ts";
import type { Rejection } from "./node-room.ts";
import { isKubeletCondition, podConditions } from "./pod-conditions.ts";
import type { PodResize } from "./pod-resize.ts";

/** What the machine knows of a pod. */
export interface PodView {
  readonly hostIP: string;
  readonly podIP: string;
  /** False before the first container may start. */
  readonly hasSandbox: boolean;
  /** True when all of it has ended for good. */
  readonly isOver: boolean;
  readonly containers: {
    readonly isInitialized: boolean;
    readonly init: readonly ContainerLife[];
    readonly main: readonly ContainerLife[];
  };
  /** Why the pod has failed, where that is not its containers' doing. */
  readonly failure?: { readonly reason: string; readonly message: string };
  /** What its containers have, of a pod that was resized. */
  readonly resize: PodResize | undefined;
  /** Of ephemeral containers that have ended; undefined: there are none of these containers. */
  readonly ephemeral: EphemeralEndings | undefined;
}

/** The status that a kubelet writes for the pod; conditions of others are kept. */
export function podStatus(pod: Pod, view: PodView, now: number): PodStatus {
  const { hostIP, podIP, containers, resize } = view;
  const time = secondText(now);
  const phase = phaseOf(view);
  // Field after field, and not spread: there are two of these for every pod (see `extend`).
  const status: Mutable<PodStatus> = {
    phase,
    conditions: podConditions(pod, view, phase === "Succeeded", time),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    startTime: pod.status.startTime ?? time,
    containerStatuses: containers.main.map((life) => containerStatus(pod, life, resize)),
  };
  if (resize !== undefined) {
    status.conditions = resize.conditions(pod.status.conditions ?? [], status.conditions ?? [], time);
  }
  if (containers.init.length > 0) {
    status.initContainerStatuses = containers.init.map((life) => containerStatus(pod, life, resize));
  }
  if (view.isOver && view.failure !== undefined) {
    status.reason = view.failure.reason;
    status.message = view.failure.message;
  }
  if (view.hasSandbox) {
    status.podIP = podIP;
    status.podIPs = [{ ip: podIP }];
    if (view.ephemeral !== undefined) {
      status.ephemeralContainerStatuses = ephemeralsOf(pod, view, view.ephemeral, time);
    }
  }
  return withOthers(status, pod.status, view.hasSandbox);
}

/** The status with what others have written; a nomination is over once the pod is in. */
function withOthers(status: Mutable<PodStatus>, before: PodStatus, hasSandbox: boolean): PodStatus {
  const fields = status as Record<string, unknown>;
  for (const field in before) {
    if (fields[field] !== undefined || (hasSandbox && field === "nominatedNodeName")) continue;
    fields[field] = before[field as keyof PodStatus];
  }
  return status;
}

/** The status of a pod that a kubelet does not let in; conditions of others are kept. */
export function rejectedStatus({ status }: Pod, { reason, message }: Rejection, now: number): PodStatus {
  const { qosClass, startTime = secondText(now) } = status;
  const conditions = (status.conditions ?? []).filter(({ type }) => !isKubeletCondition(type));
  return {
    ...(conditions.length > 0 && { conditions }),
    phase: "Failed",
    reason,
    message: `Pod was rejected: ${message}`,
    ...(qosClass && { qosClass }),
    startTime,
  };
}

function ephemeralsOf(
  pod: Pod,
  { isOver }: PodView,
  endings: EphemeralEndings,
  time: string,
): readonly ContainerStatus[] {
  return ephemeralStatuses(pod, endings, isOver ? { ...KILLED, finishedAt: time } : undefined, time);
}

/** How what is left in a pod that is over ends. */
const KILLED = { exitCode: 137, reason: "Error" };

/** A pod runs from when all of its containers have been started; sidecars and init containers do not count. */
function phaseOf({ isOver, failure, containers: { main } }: PodView): PodPhase {
  if (isOver && failure !== undefined) return "Failed";
  if (isOver) return main.every(({ ending }) => ending?.exitCode === 0) ? "Succeeded" : "Failed";
  return main.every(hasBeenStarted) ? "Running" : "Pending";
}

function hasBeenStarted({ stage, previous }: ContainerLife): boolean {
  return (stage !== "waiting" && stage !== "starting") || previous !== undefined;
}

function containerStatus(pod: Pod, life: ContainerLife, resize: PodResize | undefined): ContainerStatus {
  const { stage, restartCount } = life;
  const { name, image = "" } = life.container;
  const status: Mutable<ContainerStatus> = {
    name,
    image,
    imageID: image,
    ready: life.isReady,
    started: life.isStarted,
    restartCount,
    state: containerState(pod, life),
    lastState: lastState(pod, life),
  };
  if (stage !== "waiting" || restartCount > 0) status.containerID = containerId(pod, name, restartCount);
  if (resize !== undefined) Object.assign(status, resize.statusOf(name));
  return status;
}

function containerState(pod: Pod, life: ContainerLife): ContainerState {
  const { stage, startedAt, ending, restartCount } = life;
  if (stage === "running") return runningState(startedAt);
  if (stage === "backoff") {
    return { waiting: { reason: "CrashLoopBackOff", message: life.backoffMessage } };
  }
  if (stage === "ended" && ending !== undefined) {
    return endedState(pod, life.container.name, ending, restartCount);
  }
  if (life.obstacle !== undefined) return { waiting: life.obstacle };
  return { waiting: { reason: pod.spec.initContainers ? "PodInitializing" : "ContainerCreating" } };
}

/** In back-off it is the run that has just ended, whose number the count still is. */
function lastState(
  pod: Pod,
  { stage, container, ending, previous, restartCount }: ContainerLife,
): ContainerState {
  if (stage === "backoff" && ending !== undefined) {
    return endedState(pod, container.name, ending, restartCount);
  }
  if (previous === undefined) return NOTHING;
  return endedState(pod, container.name, previous, Math.max(0, restartCount - 1));
}

const NOTHING: ContainerState = Object.freeze({});
