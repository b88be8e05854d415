import type { ContainerState, ContainerStatus, Pod, PodPhase, PodStatus } from "../../api/kinds/pod.ts";
import type { Condition } from "../../api/meta.ts";
import { containerId, type Ending, endedState, runningState, secondText } from "./container-state.ts";
import { type EphemeralEnding, ephemeralStatuses } from "./ephemeral-containers.ts";

/** What the machine knows of a pod's containers; they start and end together. */
export interface ContainersView {
  readonly hostIP: string;
  readonly podIP: string;
  readonly restartCount: number;
  readonly lastEnding: Ending | undefined;
  /** Of ephemeral containers that have ended; undefined: there are none of these containers. */
  readonly ephemeral: ReadonlyMap<string, EphemeralEnding> | undefined;
  /** `creating`: bound, not started; `waiting`: ended, to be started again; `finished`: ended for good. */
  readonly state:
    | { readonly name: "creating" }
    | {
        readonly name: "running";
        readonly startedAt: string;
        /** Undefined when all containers are ready, as there is nothing to find out. */
        readonly probes: ProbeFindings | undefined;
      }
    | { readonly name: "waiting"; readonly message: (containerName: string) => string }
    | { readonly name: "finished"; readonly ending: Ending };
}

/** What probes have found of a pod's containers. */
interface ProbeFindings {
  isStarted(container: string): boolean;
  isReady(container: string): boolean;
}

/** The status that a kubelet writes for the pod; conditions of others are kept. */
export function podStatus(pod: Pod, view: ContainersView, now: number): PodStatus {
  const { state, hostIP, podIP } = view;
  const time = secondText(now);
  // One literal each: this is made once or twice in the life of every pod.
  const status: PodStatus = {
    ...pod.status,
    phase: phaseOf(view),
    conditions: withKubeletConditions(pod, state, time),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    startTime: pod.status.startTime ?? time,
    containerStatuses: pod.spec.containers.map((container) =>
      containerStatus(pod, container.name, container.image ?? "", view),
    ),
  };
  if (state.name === "creating") return status;
  const placed = withEphemeral(pod, { ...status, podIP, podIPs: [{ ip: podIP }] }, view, time);
  if (placed.nominatedNodeName === undefined) return placed;
  const { nominatedNodeName: _, ...rest } = placed;
  return rest;
}

function withEphemeral(
  pod: Pod,
  status: PodStatus,
  { ephemeral, state }: ContainersView,
  time: string,
): PodStatus {
  if (ephemeral === undefined) return status;
  const podEnding = state.name === "finished" ? { ...KILLED, finishedAt: time } : undefined;
  return { ...status, ephemeralContainerStatuses: ephemeralStatuses(pod, ephemeral, podEnding, time) };
}

/** How what is left in a pod that is over ends. */
const KILLED = { exitCode: 137, reason: "Error" };

function phaseOf({ state }: ContainersView): PodPhase {
  if (state.name === "creating") return "Pending";
  if (state.name !== "finished") return "Running";
  return state.ending.exitCode === 0 ? "Succeeded" : "Failed";
}

function containerStatus(pod: Pod, name: string, image: string, view: ContainersView): ContainerStatus {
  const { state, lastEnding, restartCount } = view;
  const running = state.name === "running" ? state : undefined;
  const status: ContainerStatus = {
    name,
    image,
    imageID: image,
    ready: running !== undefined && isReady(running, name),
    started: running !== undefined && (running.probes?.isStarted(name) ?? true),
    restartCount,
    state: containerState(pod, name, view),
    lastState:
      lastEnding === undefined ? NOTHING : endedState(pod, name, lastEnding, Math.max(0, restartCount - 1)),
  };
  return state.name === "creating"
    ? status
    : { ...status, containerID: containerId(pod, name, restartCount) };
}

function containerState(pod: Pod, name: string, { state, restartCount }: ContainersView): ContainerState {
  switch (state.name) {
    case "creating":
      return { waiting: { reason: "ContainerCreating" } };
    case "running":
      return runningState(state.startedAt);
    case "waiting":
      return { waiting: { reason: "CrashLoopBackOff", message: state.message(name) } };
    case "finished":
      return endedState(pod, name, state.ending, restartCount);
  }
}

type State = ContainersView["state"];

const KUBELET_CONDITIONS = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady"] as const;

function withKubeletConditions(pod: Pod, state: State, time: string): readonly Condition[] {
  const before = pod.status.conditions;
  const fresh = isAllReady(pod, state) ? runningConditions(time) : unreadyConditions(pod, state, time);
  if (before === undefined) return [...fresh, scheduledCondition(time)];
  const [only] = before;
  if (before.length === 1 && only?.type === "PodScheduled") return [...fresh, only];
  const others = before.filter(({ type }) => !(KUBELET_CONDITIONS as readonly string[]).includes(type));
  const isScheduled = others.some(({ type }) => type === "PodScheduled");
  const kept = fresh.map((condition) => keepTransition(condition, before));
  return isScheduled ? [...kept, ...others] : [...kept, ...others, scheduledCondition(time)];
}

function isReady(state: State, container: string): boolean {
  return state.name === "running" && (state.probes?.isReady(container) ?? true);
}

function isAllReady({ spec }: Pod, state: State): boolean {
  if (state.name !== "running") return false;
  return state.probes === undefined || spec.containers.every(({ name }) => isReady(state, name));
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

function unreadyConditions(pod: Pod, state: State, time: string): readonly Condition[] {
  const at = { lastProbeTime: null, lastTransitionTime: time };
  const why = unreadyReason(pod, state);
  const hasSandbox = state.name === "running" || state.name === "waiting";
  const completed = why.reason === "PodCompleted" ? why : {};
  return [
    { type: "PodReadyToStartContainers", status: hasSandbox ? "True" : "False", ...at },
    { type: "Initialized", status: "True", ...at, ...completed },
    { type: "Ready", status: "False", ...at, ...why },
    { type: "ContainersReady", status: "False", ...at, ...why },
  ];
}

function unreadyReason(pod: Pod, state: State): { readonly reason: string; readonly message?: string } {
  if (state.name === "finished") {
    return { reason: state.ending.exitCode === 0 ? "PodCompleted" : "PodFailed" };
  }
  const names = pod.spec.containers.map(({ name }) => name).filter((name) => !isReady(state, name));
  return { reason: "ContainersNotReady", message: `containers with unready status: [${names.join(" ")}]` };
}

const NOTHING: ContainerState = Object.freeze({});

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
