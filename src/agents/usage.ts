import type { Node } from "../api/kinds/node.ts";
import type { Pod } from "../api/kinds/pod.ts";
import type { ObjectKey } from "../api/meta.ts";

/**
 * What kubelets measure, at this moment. Only what runs on a machine that answers is there: a pod that has not started
 * and a node that is dead use nothing that anybody could measure.
 */
export interface UsageReader {
  pod(key: ObjectKey): PodUsage | undefined;
  /** Those of a namespace, or all. */
  pods(namespace: string | undefined): Iterable<PodUsage>;
  node(name: string): NodeUsage | undefined;
  nodes(): Iterable<NodeUsage>;
}

export interface PodUsage {
  readonly pod: Pod;
  readonly containers: readonly { readonly name: string; readonly usage: Usage }[];
}

export interface NodeUsage {
  readonly node: Node;
  readonly usage: Usage;
}

export interface Usage {
  /** In cores. */
  readonly cpu: number;
  /** In bytes. */
  readonly memory: number;
}
