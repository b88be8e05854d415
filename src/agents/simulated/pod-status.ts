import type { ContainerState, ContainerStatus, Pod, PodPhase, PodStatus } from "../../api/kinds/pod.ts";
import { type Condition, timestamp } from "../../api/meta.ts";

/** How a pod's containers ended. */
export interface Ending {
  readonly exitCode: number;
  readonly reason: string;
  readonly startedAt: string;
  readonly finishedAt: string;
}

/** What the machine knows of a pod's containers; they start and end together. */
export interface ContainersView {
  readonly hostIP: string;
  readonly podIP: string;
  readonly restartCount: number;
  readonly lastEnding: Ending | undefined;
  /** `creating`: bound, not started; `waiting`: ended, to be started again; `finished`: ended for good. */
  readonly state:
    | { readonly name: "creating" }
    | { readonly name: "running"; readonly startedAt: string }
    | { readonly name: "waiting"; readonly message: (containerName: string) => string }
    | { readonly name: "finished"; readonly ending: Ending };
}

/** The status that a kubelet writes for the pod; conditions of others are kept. */
export function podStatus(pod: Pod, view: ContainersView, now: number): PodStatus {
  const { nominatedNodeName: _, ...kept } = pod.status;
  const { state } = view;
  const time = secondText(now);
  const status: PodStatus = {
    ...kept,
    phase: phaseOf(view),
    conditions: withKubeletConditions(pod, state, time),
    hostIP: view.hostIP,
    hostIPs: [{ ip: view.hostIP }],
    startTime: pod.status.startTime ?? time,
    containerStatuses: pod.spec.containers.map((container) =>
      containerStatus(pod, container.name, container.image ?? "", view),
    ),
  };
  return state.name === "creating" ? status : { ...status, podIP: view.podIP, podIPs: [{ ip: view.podIP }] };
}

function phaseOf({ state }: ContainersView): PodPhase {
  if (state.name === "creating") return "Pending";
  if (state.name !== "finished") return "Running";
  return state.ending.exitCode === 0 ? "Succeeded" : "Failed";
}

function containerStatus(pod: Pod, name: string, image: string, view: ContainersView): ContainerStatus {
  const { state, lastEnding, restartCount } = view;
  const idOf = (count: number) => `kubesim://${pod.metadata.uid}/${name}/${count}`;
  const ended = (ending: Ending, count: number): ContainerState => ({
    terminated: { ...ending, containerID: idOf(count) },
  });
  const isRunning = state.name === "running";
  const status: ContainerStatus = {
    name,
    image,
    imageID: image,
    ready: isRunning,
    started: isRunning,
    restartCount,
    state: containerState(state, name, (ending) => ended(ending, restartCount)),
    lastState: lastEnding === undefined ? {} : ended(lastEnding, Math.max(0, restartCount - 1)),
  };
  return state.name === "creating" ? status : { ...status, containerID: idOf(restartCount) };
}

function containerState(
  state: ContainersView["state"],
  name: string,
  ended: (ending: Ending) => ContainerState,
): ContainerState {
  switch (state.name) {
    case "creating":
      return { waiting: { reason: "ContainerCreating" } };
    case "running":
      return { running: { startedAt: state.startedAt } };
    case "waiting":
      return { waiting: { reason: "CrashLoopBackOff", message: state.message(name) } };
    case "finished":
      return ended(state.ending);
  }
}

type State = ContainersView["state"];

const KUBELET_CONDITIONS = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady"] as const;

function withKubeletConditions(pod: Pod, state: State, time: string): readonly Condition[] {
  const before = pod.status.conditions;
  const fresh = state.name === "running" ? runningConditions(time) : unreadyConditions(pod, state, time);
  if (before === undefined) return [...fresh, scheduledCondition(time)];
  const others = before.filter(({ type }) => !(KUBELET_CONDITIONS as readonly string[]).includes(type));
  const isScheduled = others.some(({ type }) => type === "PodScheduled");
  const kept = fresh.map((condition) => keepTransition(condition, before));
  return isScheduled ? [...kept, ...others] : [...kept, ...others, scheduledCondition(time)];
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
  const completed = why.reason === "PodCompleted" ? why : {};
  return [
    { type: "PodReadyToStartContainers", status: state.name === "waiting" ? "True" : "False", ...at },
    { type: "Initialized", status: "True", ...at, ...completed },
    { type: "Ready", status: "False", ...at, ...why },
    { type: "ContainersReady", status: "False", ...at, ...why },
  ];
}

function unreadyReason(pod: Pod, state: State): { readonly reason: string; readonly message?: string } {
  if (state.name === "finished") {
    return { reason: state.ending.exitCode === 0 ? "PodCompleted" : "PodFailed" };
  }
  const names = pod.spec.containers.map(({ name }) => name).join(" ");
  return { reason: "ContainersNotReady", message: `containers with unready status: [${names}]` };
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

let second: { readonly atS: number; readonly text: string } | undefined;

/** metav1.Time of the second, made once per second. */
export function secondText(now: number): string {
  const atS = Math.floor(now / 1_000);
  if (second?.atS !== atS) second = { atS, text: timestamp(now) };
  return second.text;
}
