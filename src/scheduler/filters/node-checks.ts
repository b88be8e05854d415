import type { NodeEntry } from "../cache/node-entry.ts";
import type { Tenant } from "../cache/tenant.ts";
import type { PlaceablePod } from "../placement/pod.ts";
import type { Refusal } from "./filter.ts";
import { refusal } from "./registry.ts";

/** Answers for one pod whether it can run on nodes, by every filter. Good until something changes in the cluster. */
export interface NodeCheck {
  /** True when an index over static filters and resources does not know enough. */
  readonly looksAround: boolean;
  /**
   * Why not; undefined when the pod can run there.
   * @param gone pods to be thought away from the node (from what is counted on it, they have been taken already)
   */
  refusal(node: NodeEntry, gone?: ReadonlySet<Tenant>): Refusal | undefined;
}

/** Makes the check for a pod. */
export function nodeCheck({ shape }: PlaceablePod): NodeCheck {
  return { looksAround: shape.hostPorts.length > 0, refusal: (node) => refusal(shape, node) };
}
