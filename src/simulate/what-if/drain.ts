import { ApiError, isReason } from "../../api/errors.ts";
import type { Kind } from "../../api/kind.ts";
import { nodes } from "../../api/kinds/node.ts";
import { isFinished, type Pod, pods } from "../../api/kinds/pod.ts";
import { keyOf, keyText } from "../../api/meta.ts";
import { modify } from "../../api/modify.ts";
import { controllerOf } from "../../api/owner-references.ts";
import type { PrivateCluster } from "../../cluster/private-cluster.ts";

/** As kubectl drain: an eviction that is refused is tried again after this. */
const RETRY_MS = 5_000;

/** What came of draining. */
export interface Drained {
  readonly evicted: number;
  /** Pods that a disruption budget held until the end of the patience. */
  readonly blocked: readonly { readonly pod: string; readonly why: string }[];
  /** Pods of DaemonSets stay, as with kubectl drain --ignore-daemonsets. */
  readonly left: number;
}

/** Cordons the nodes and evicts their pods, trying again where a disruption budget says no, for at most so long. */
export async function drain(
  { objects, clock }: PrivateCluster,
  names: readonly string[],
  patienceMs: number,
): Promise<Drained> {
  for (const name of names) {
    await modify(objects, nodes, { name }, (node) => ({
      ...node,
      spec: { ...node.spec, unschedulable: true },
    }));
  }
  const there = (await objects.list(pods)).items.filter(
    (pod) => names.includes(pod.spec.nodeName ?? "") && !isFinished(pod),
  );
  let waiting = there.filter((pod) => controllerOf(pod)?.kind !== "DaemonSet");
  const left = there.length - waiting.length;
  const all = waiting.length;
  const reasons = new Map<Pod, string>();
  const untilMs = clock.monotonicMs() + patienceMs;
  for (;;) {
    const refused: Pod[] = [];
    for (const pod of waiting) {
      const why = await evict(objects, pod);
      if (why === undefined) continue;
      refused.push(pod);
      reasons.set(pod, why);
    }
    waiting = refused;
    if (waiting.length === 0 || clock.monotonicMs() + RETRY_MS > untilMs) break;
    await clock.advance(RETRY_MS);
  }
  const blocked = waiting.map((pod) => ({ pod: keyText(keyOf(pod)), why: reasons.get(pod) ?? "" }));
  return { evicted: all - blocked.length, blocked, left };
}

/** Why not, when a budget says no. */
async function evict(objects: PrivateCluster["objects"], pod: Pod): Promise<string | undefined> {
  const { name, namespace = "default" } = pod.metadata;
  const body = {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name, namespace },
    deleteOptions: { preconditions: { uid: pod.metadata.uid } },
  };
  try {
    await objects.act(pods as unknown as Kind, { name, namespace }, "eviction", body);
    return undefined;
  } catch (error) {
    if (error instanceof ApiError && error.reason === "TooManyRequests") return error.message;
    if (isReason(error, "NotFound") || isReason(error, "Conflict")) return undefined;
    throw error;
  }
}
