import type { ClusterSettings } from "../../api/kinds/cluster-settings.ts";
import { type Node, nodes } from "../../api/kinds/node.ts";
import { isFinished, type Pod, pods, queuePlace } from "../../api/kinds/pod.ts";
import { controllerOf } from "../../api/owner-references.ts";
import { startPrivateCluster } from "../../cluster/private-cluster.ts";

/** How the same pods would lie on the same nodes had one strategy placed them all, in the order of the queue. */
export interface FromScratch {
  readonly strategy: string;
  readonly placed: number;
  readonly waiting: number;
  readonly nodesUsed: number;
  /** What the present placement uses. */
  readonly nodesUsedNow: number;
}

/** Places all pods anew in an empty copy of the cluster. Pods of DaemonSets are left out: they have no choice. */
export async function placeFromScratch(
  settings: ClusterSettings["spec"],
  there: { readonly nodes: readonly Node[]; readonly pods: readonly Pod[] },
): Promise<FromScratch> {
  const movable = there.pods.filter((pod) => !isFinished(pod) && controllerOf(pod)?.kind !== "DaemonSet");
  const cluster = await startPrivateCluster({ settings });
  try {
    const { objects, clock } = cluster;
    for (const node of there.nodes) await objects.create(nodes, bareNode(node));
    await clock.settle();
    for (const pod of [...movable].sort(byPlace)) await objects.create(pods, barePod(pod));
    await clock.settle();
    const { items } = await objects.list(pods);
    return {
      strategy: settings.strategy,
      placed: items.filter(({ spec }) => spec.nodeName !== undefined).length,
      waiting: items.filter(({ spec }) => spec.nodeName === undefined).length,
      nodesUsed: nodesUsed(items),
      nodesUsedNow: nodesUsed(movable),
    };
  } finally {
    cluster.stop();
  }
}

function nodesUsed(all: readonly Pod[]): number {
  return new Set(all.flatMap(({ spec }) => (spec.nodeName === undefined ? [] : [spec.nodeName]))).size;
}

function bareNode({ apiVersion, kind, metadata, spec, status }: Node) {
  const { name, labels = {} } = metadata;
  const { capacity, allocatable } = status;
  return { apiVersion, kind, metadata: { name, labels }, spec, status: { capacity, allocatable } } as Node;
}

/** Its namespace does not matter here, its name must be one of its own. */
function barePod(pod: Pod): Pod {
  const {
    nodeName: _,
    priorityClassName: _class,
    ...spec
  } = pod.spec as Pod["spec"] & { priorityClassName?: string };
  const { labels = {} } = pod.metadata;
  const metadata = { name: `p-${pod.metadata.uid}`, namespace: "default", labels };
  return { apiVersion: "v1", kind: "Pod", metadata, spec, status: { phase: "Pending" } } as unknown as Pod;
}

function byPlace(a: Pod, b: Pod): number {
  const priority = (b.spec.priority ?? 0) - (a.spec.priority ?? 0);
  if (priority !== 0) return priority;
  return queuePlace(a) < queuePlace(b) ? -1 : 1;
}
