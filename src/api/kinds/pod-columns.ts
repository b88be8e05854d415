import type { Column } from "../kind.ts";
import { AGE, ageOf, NAME, NONE, textColumn } from "./columns.ts";
import type { ContainerStatus, Pod } from "./pod.ts";
import { isFinished } from "./pod-phase.ts";

/** The pods table; the same rows as the real server's. */
export const podColumns: readonly Column<Pod>[] = [
  NAME,
  textColumn("Ready", "Containers that are ready, of all.", (pod) => readyText(pod)),
  textColumn("Status", "What the pod is doing, in one word.", (pod) => podStatusText(pod)),
  textColumn("Restarts", "How often containers were restarted.", restartsText),
  AGE,
  textColumn("IP", "Address of the pod.", (pod) => pod.status.podIP || NONE, 1),
  textColumn("Node", "Node the pod is bound to.", (pod) => pod.spec.nodeName || NONE, 1),
  textColumn(
    "Nominated Node",
    "Node where room is made for the pod.",
    (pod) => pod.status.nominatedNodeName || NONE,
    1,
  ),
  textColumn("Readiness Gates", "Readiness gates that are open, of all.", readinessGatesText, 1),
];

/** The Status column of `kubectl get pods`: `Running`, `CrashLoopBackOff`, `Init:0/1`, `Terminating`, ... */
export function podStatusText(pod: Pod): string {
  return summarize(pod).reason;
}

/** `2/3`: containers that are ready, of all. */
export function readyText(pod: Pod): string {
  const { ready, total } = summarize(pod);
  return `${ready}/${total}`;
}

interface Summary {
  reason: string;
  ready: number;
  total: number;
  restarts: number;
  /** When a container was last restarted, RFC 3339, or "". */
  lastRestart: string;
}

/** The rules of the API server's printer (printPod), in its order: later ones override earlier ones. */
function summarize(pod: Pod): Summary {
  const { spec, status, metadata } = pod;
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  const summary: Summary = {
    reason: status.reason || status.phase,
    ready: 0,
    total: spec.containers.length + sidecars.length,
    restarts: 0,
    lastRestart: "",
  };
  if (hasCondition(pod, "PodScheduled", "SchedulingGated")) summary.reason = "SchedulingGated";
  const initializing = addInitContainers(pod, new Set(sidecars.map(({ name }) => name)), summary);
  if (!initializing || isTrue(pod, "Initialized")) addContainers(pod, summary);
  if (metadata.deletionTimestamp !== undefined) {
    if (status.reason === "NodeLost") summary.reason = "Unknown";
    else if (!isFinished(pod)) summary.reason = "Terminating";
  }
  return summary;
}

/** Returns whether some init container is still to end. */
function addInitContainers(pod: Pod, sidecars: ReadonlySet<string>, summary: Summary): boolean {
  const all: Summary = { ...summary };
  let initializing = false;
  for (const [index, container] of (pod.status.initContainerStatuses ?? []).entries()) {
    addRestarts(container, all);
    const isSidecar = sidecars.has(container.name);
    if (isSidecar) addRestarts(container, summary);
    if (container.state?.terminated?.exitCode === 0) continue;
    if (isSidecar && container.started === true) {
      if (container.ready) summary.ready++;
      continue;
    }
    summary.reason = `Init:${initReason(container) ?? `${index}/${pod.spec.initContainers?.length ?? 0}`}`;
    initializing = true;
    break;
  }
  // While the pod initializes, restarts of all init containers count; afterwards those of sidecars alone.
  if (initializing && !isTrue(pod, "Initialized")) {
    summary.restarts = all.restarts;
    summary.lastRestart = all.lastRestart;
  }
  return initializing;
}

function addContainers(pod: Pod, summary: Summary): void {
  let running = false;
  // Backwards, so that the first container has the last word.
  for (const container of (pod.status.containerStatuses ?? []).toReversed()) {
    addRestarts(container, summary);
    const reason = container.state?.waiting?.reason || terminatedReason(container);
    if (reason !== undefined) summary.reason = reason;
    else if (container.ready && container.state?.running !== undefined) {
      running = true;
      summary.ready++;
    }
  }
  if (summary.reason === "Completed" && running) {
    summary.reason = isTrue(pod, "Ready") ? "Running" : "NotReady";
  }
}

function addRestarts(container: ContainerStatus, summary: Summary): void {
  summary.restarts += container.restartCount;
  const finishedAt = container.lastState?.terminated?.finishedAt ?? "";
  if (finishedAt > summary.lastRestart) summary.lastRestart = finishedAt;
}

function initReason(container: ContainerStatus): string | undefined {
  const waiting = container.state?.waiting?.reason;
  return terminatedReason(container) ?? (waiting === "PodInitializing" ? undefined : waiting || undefined);
}

function terminatedReason({ state }: ContainerStatus): string | undefined {
  const terminated = state?.terminated;
  if (terminated === undefined) return undefined;
  if (terminated.reason) return terminated.reason;
  return terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`;
}

function restartsText(pod: Pod, now: number): string {
  const { restarts, lastRestart } = summarize(pod);
  return restarts === 0 || lastRestart === ""
    ? String(restarts)
    : `${restarts} (${ageOf(lastRestart, now)} ago)`;
}

function readinessGatesText(pod: Pod): string {
  const gates = pod.spec.readinessGates ?? [];
  if (gates.length === 0) return NONE;
  const open = gates.filter(({ conditionType }) => isTrue(pod, conditionType)).length;
  return `${open}/${gates.length}`;
}

function isTrue(pod: Pod, type: string): boolean {
  return (
    pod.status.conditions?.some((condition) => condition.type === type && condition.status === "True") ??
    false
  );
}

function hasCondition(pod: Pod, type: string, reason: string): boolean {
  return (
    pod.status.conditions?.some((condition) => condition.type === type && condition.reason === reason) ??
    false
  );
}
