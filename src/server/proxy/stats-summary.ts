import { type NodeMetrics, nodeMetrics, type PodMetrics, podMetrics } from "../../api/kinds/metrics.ts";
import type { Node } from "../../api/kinds/node.ts";
import type { Pod } from "../../api/kinds/pod.ts";
import { keyOf, keyText } from "../../api/meta.ts";
import type { Objects } from "../../api/objects.ts";
import { resourceAmount } from "../../api/quantity.ts";

type Quantities = Readonly<Record<string, string>>;

/**
 * A kubelet's `/stats/summary` (kubelet.stats.v1alpha1 Summary), as far as usage is modelled: cpu and memory of the
 * node and of every container that runs, at this moment. There are no sums over time, no disks and no networks in it.
 * @param pods those that are on the node
 */
export async function statsSummary(objects: Objects, node: Node, pods: readonly Pod[]): Promise<object> {
  const { name, creationTimestamp } = node.metadata;
  const whole = await objects.get<NodeMetrics>(nodeMetrics, { name });
  const { items } = await objects.list<PodMetrics>(podMetrics);
  const measured = new Map(items.map((metrics) => [keyText(keyOf(metrics)), metrics]));
  return {
    node: {
      nodeName: name,
      startTime: creationTimestamp,
      ...stats(whole.usage, whole.timestamp, node.status.capacity?.memory),
    },
    pods: pods.flatMap((pod) => {
      const metrics = measured.get(keyText(keyOf(pod)));
      return metrics === undefined ? [] : [podStats(pod, metrics)];
    }),
  };
}

function podStats({ metadata, status }: Pod, { containers, timestamp }: PodMetrics): object {
  const { name, namespace, uid } = metadata;
  const started = new Map(
    (status.containerStatuses ?? []).map(({ name: container, state }) => [
      container,
      state.running?.startedAt,
    ]),
  );
  const all = containers.map(({ usage }) => usage);
  return {
    podRef: { name, namespace, uid },
    startTime: status.startTime,
    containers: containers.map(({ name: container, usage }) => ({
      name: container,
      startTime: started.get(container),
      ...stats(usage, timestamp),
    })),
    ...stats({ cpu: `${sum(all, "cpu", nanoCores)}n`, memory: String(sum(all, "memory", bytes)) }, timestamp),
  };
}

function stats(usage: Quantities, time: string, capacity?: string): object {
  const usageBytes = bytes(usage.memory);
  return {
    cpu: { time, usageNanoCores: nanoCores(usage.cpu) },
    memory: {
      time,
      ...(capacity !== undefined && { availableBytes: Math.max(0, bytes(capacity) - usageBytes) }),
      usageBytes,
      workingSetBytes: usageBytes,
    },
  };
}

function sum(all: readonly Quantities[], resource: string, read: (text?: string) => number): number {
  return all.reduce((total, usage) => total + read(usage[resource]), 0);
}

/** Usage of cpu is written in whole nano cores. */
function nanoCores(text = "0n"): number {
  return Number.parseInt(text, 10);
}

function bytes(text = "0"): number {
  return resourceAmount("memory", text);
}
