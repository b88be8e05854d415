import { badRequest } from "../../../api/errors.ts";
import type { ContainerStatus, Pod } from "../../../api/kinds/pod.ts";

/** One run of a container, from a start to its end; what a log is of. */
export interface ContainerRun {
  readonly name: string;
  readonly image: string;
  /** The how-manieth start this is, from 0. */
  readonly restart: number;
  /** Ms since the epoch, in whole seconds. */
  readonly startedMs: number;
  readonly ending: { readonly finishedMs: number; readonly exitCode: number } | undefined;
}

/** The status of a container of any list. */
export function containerStatusOf({ status }: Pod, name: string): ContainerStatus | undefined {
  const lists = [status.containerStatuses, status.initContainerStatuses, status.ephemeralContainerStatuses];
  for (const list of lists) {
    const found = list?.find((container) => container.name === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The run whose log a client asks for. Fails with BadRequest, in a kubelet's words (validateContainerLogStatus), when
 * there is none.
 */
export function runToRead(pod: Pod, name: string, previous: boolean): ContainerRun {
  const container = containerStatusOf(pod, name);
  const where = `container "${name}" in pod "${pod.metadata.name}"`;
  if (previous) {
    const run = container && lastRun(container);
    if (run === undefined) throw badRequest(`previous terminated ${where} not found`);
    return run;
  }
  if (container === undefined) {
    const isStarting = pod.status.phase === "Pending";
    throw badRequest(`${where} is ${isStarting ? "waiting to start: ContainerCreating" : "not available"}`);
  }
  const run = currentRun(container) ?? lastRun(container);
  if (run !== undefined) return run;
  throw badRequest(`${where} is waiting to start: ${container.state.waiting?.reason ?? "ContainerCreating"}`);
}

/** The same run as it is now: still running, or how it ended; undefined when nothing is left of it. */
export function sameRun(pod: Pod, run: ContainerRun): ContainerRun | undefined {
  const container = containerStatusOf(pod, run.name);
  if (container === undefined) return undefined;
  for (const each of [currentRun(container), lastRun(container)]) {
    if (each?.restart === run.restart) return each;
  }
  return undefined;
}

function currentRun(container: ContainerStatus): ContainerRun | undefined {
  const { name, image, restartCount: restart, state } = container;
  const { running, terminated } = state;
  if (running !== undefined) {
    return { name, image, restart, startedMs: Date.parse(running.startedAt), ending: undefined };
  }
  return terminated && endedRun(container, restart, terminated);
}

/** While a container waits for its next start, the run that has ended is the one its count is of. */
function lastRun(container: ContainerStatus): ContainerRun | undefined {
  const { restartCount, state, lastState } = container;
  if (lastState.terminated === undefined) return undefined;
  const restart = state.waiting === undefined ? restartCount - 1 : restartCount;
  return endedRun(container, Math.max(0, restart), lastState.terminated);
}

function endedRun(
  { name, image }: ContainerStatus,
  restart: number,
  ended: { readonly startedAt: string; readonly finishedAt: string; readonly exitCode: number },
): ContainerRun {
  const startedMs = Date.parse(ended.startedAt);
  const finishedMs = Math.max(startedMs, Date.parse(ended.finishedAt));
  return { name, image, restart, startedMs, ending: { finishedMs, exitCode: ended.exitCode } };
}
