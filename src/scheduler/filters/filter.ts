import type { NodeEntry } from "../cache/node-entry.ts";
import type { PodShape } from "../cache/pod-shape.ts";

/**
 * Says whether a pod can run on a node, and if not why, in Kubernetes' words. Pure. One file each, one line in
 * registry.ts, whose order is the order of asking: the first filter that refuses gives the reasons.
 */
export interface Filter {
  /** Kubernetes' name of the plugin. */
  readonly name: string;
  /** Undefined when the pod passes. */
  readonly check: (shape: PodShape, node: NodeEntry) => Refusal | undefined;
}

/** Why not. One node can refuse for several reasons, e.g. both cpu and memory. */
export interface Refusal {
  readonly reasons: readonly string[];
  /** True when room would not help: the pod cannot run there even if every other pod left. */
  readonly unresolvable: boolean;
}

/** A refusal that no room in the world would change. */
export function unresolvable(reason: string): Refusal {
  return { reasons: [reason], unresolvable: true };
}
