import { type Pod, pods } from "../../api/kinds/pod.ts";
import type { Objects } from "../../api/objects.ts";
import type { CommandContext } from "../command.ts";
import { follow } from "../follow.ts";

/** True when the scheduler has tried it: it has a node, or was found unschedulable. */
export function isDecided(pod: Pod): boolean {
  if (pod.spec.nodeName !== undefined) return true;
  const condition = pod.status.conditions?.find(({ type }) => type === "PodScheduled");
  return condition?.status === "False" && condition.reason === "Unschedulable";
}

/** True when it runs, or has run to its end. */
export function isStarted(pod: Pod): boolean {
  return pod.status.phase === "Running" || pod.status.phase === "Succeeded" || pod.status.phase === "Failed";
}

/**
 * Waits until all of the pods meet the condition, at most so long, and returns them as last seen, in their order.
 * Pods that are deleted meanwhile count as done. `progress` is told how many meet it.
 */
export async function waitForPods(
  { clock, signal }: Pick<CommandContext, "clock" | "signal">,
  objects: Objects,
  wanted: readonly Pod[],
  until: (pod: Pod) => boolean,
  limitMs: number,
  progress?: (done: number) => void,
): Promise<readonly Pod[]> {
  const latest = new Map(wanted.map((pod) => [pod.metadata.name, pod]));
  const open = new Set(wanted.filter((pod) => !until(pod)).map((pod) => pod.metadata.name));
  const namespace = wanted[0]?.metadata.namespace;
  if (open.size === 0 || namespace === undefined) return wanted;
  const stopping = new AbortController();
  const timer = clock.after(limitMs, () => stopping.abort());
  const seen = (pod: Pod, deleted: boolean) => {
    const { name, uid } = pod.metadata;
    const before = latest.get(name);
    if (before === undefined) return;
    // One of the same name that took its place (it was moved off a node) is not the pod that was waited for.
    const gone = deleted || before.metadata.uid !== uid;
    latest.set(name, pod);
    if (!gone && !until(pod)) return;
    open.delete(name);
    progress?.(latest.size - open.size);
    if (open.size === 0) stopping.abort();
  };
  try {
    await follow(objects, pods, { namespace }, AbortSignal.any([signal, stopping.signal]), {
      listed: (items) => {
        const there = new Set(items.map((pod) => pod.metadata.name));
        for (const pod of items) seen(pod, false);
        for (const name of [...open]) if (!there.has(name)) open.delete(name);
        if (open.size === 0) stopping.abort();
      },
      changed: (batch) => {
        for (const { type, object } of batch) seen(object, type === "DELETED");
      },
    });
  } finally {
    timer.cancel();
  }
  return [...latest.values()];
}
