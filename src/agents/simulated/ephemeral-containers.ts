import type { ContainerState, ContainerStatus, EphemeralContainer, Pod } from "../../api/kinds/pod.ts";
import type { LifeContext } from "./containers/container-life.ts";
import {
  containerId,
  type Ending,
  endedState,
  runningState,
  secondText,
} from "./containers/container-state.ts";
import { fieldPathOf, recordCreation } from "./containers/images.ts";

/** Names of the ephemeral containers that the machine has not started yet. */
export function unstartedEphemerals({ spec, status }: Pod): readonly string[] {
  const containers = spec.ephemeralContainers;
  if (containers === undefined || containers.length === status.ephemeralContainerStatuses?.length) return [];
  const shown = new Set(status.ephemeralContainerStatuses?.map(({ name }) => name));
  return containers.flatMap(({ name }) => (shown.has(name) ? [] : [name]));
}

/** Tells of the start of those of these containers that the API knows of by now. */
export function recordStarts(context: LifeContext, names: readonly string[]): void {
  const left = unstartedEphemerals(context.pod);
  for (const container of context.pod.spec.ephemeralContainers ?? []) {
    const { name } = container;
    if (!names.includes(name) || left.includes(name)) continue;
    const path = fieldPathOf("ephemeralContainers", name);
    recordCreation(context, container, path);
    context.record("Normal", "Started", `Started container ${name}`, path);
  }
}

/** Names of the ephemeral containers that run, as far as the API knows. */
function runningEphemerals({ status }: Pod): readonly string[] {
  const running = (status.ephemeralContainerStatuses ?? []).filter(({ state }) => state.running);
  return running.map(({ name }) => name);
}

/**
 * Statuses of a pod's ephemeral containers. They run from when they are added on, are never started again, and end
 * with the pod if not before.
 * @param podEnding how those end that still run when the pod's containers are gone for good
 */
export function ephemeralStatuses(
  pod: Pod,
  endings: EphemeralEndings,
  podEnding: EphemeralEnding | undefined,
  time: string,
): readonly ContainerStatus[] {
  return (pod.spec.ephemeralContainers ?? []).map((container) => {
    const before = pod.status.ephemeralContainerStatuses?.find(({ name }) => name === container.name);
    if (before?.state.terminated !== undefined) return before;
    const startedAt = before?.state.running?.startedAt ?? time;
    const ending = endings.of(container.name) ?? podEnding;
    const state =
      ending === undefined
        ? runningState(startedAt)
        : endedState(pod, container.name, { startedAt, ...ending }, 0);
    return statusOf(pod, container, state);
  });
}

/** How those ended that have. */
export class EphemeralEndings {
  static readonly NONE = new EphemeralEndings();
  readonly #byName = new Map<string, EphemeralEnding>();

  /** Ends one by itself, if there is one that runs; returns whether there is. */
  end(pod: Pod, name: string, exitCode: number, now: number): boolean {
    if (!runningEphemerals(pod).includes(name)) return false;
    this.#add(name, exitCode, exitCode === 0 ? "Completed" : "Error", now);
    return true;
  }

  /** Their machine has crashed. */
  lose(pod: Pod, now: number): void {
    for (const name of runningEphemerals(pod)) this.#add(name, 255, "Unknown", now);
  }

  /** The first end counts. */
  #add(name: string, exitCode: number, reason: string, now: number): void {
    if (!this.#byName.has(name)) this.#byName.set(name, { exitCode, reason, finishedAt: secondText(now) });
  }

  of(name: string): EphemeralEnding | undefined {
    return this.#byName.get(name);
  }
}

/** How an ephemeral container ended; its status knows when it started. */
type EphemeralEnding = Omit<Ending, "startedAt">;

function statusOf(
  pod: Pod,
  { name, image = "" }: EphemeralContainer,
  state: ContainerState,
): ContainerStatus {
  return {
    name,
    image,
    imageID: image,
    containerID: containerId(pod, name, 0),
    ready: false,
    restartCount: 0,
    state,
    lastState: {},
  };
}
