import type { NodeEntry } from "../cache/node-entry.ts";
import type { PodShape } from "../cache/pod-shape.ts";
import type { Filter, Refusal } from "./filter.ts";
import { nodeAffinity } from "./node-affinity.ts";
import { nodeName } from "./node-name.ts";
import { nodePorts } from "./node-ports.ts";
import { nodeResourcesFit } from "./node-resources-fit.ts";
import { nodeUnschedulable } from "./node-unschedulable.ts";
import { pinnedNodes } from "./pinned-nodes.ts";
import { taintToleration } from "./taint-toleration.ts";

/** Filters in the real scheduler's order; what the pods on the node take does not matter to them. */
const STATIC_FILTERS: readonly Filter[] = [
  pinnedNodes,
  nodeUnschedulable,
  nodeName,
  taintToleration,
  nodeAffinity,
];

/**
 * Why the pod cannot run on the node, as far as node and pod alone are looked at: what the first filter that refuses
 * says. Undefined when all pass.
 */
export function refusal(shape: PodShape, node: NodeEntry): Refusal | undefined {
  return staticRefusal(shape, node) ?? roomRefusal(shape, node);
}

/** What the filters say that look at what the pods on the node take: ports and resources. */
export function roomRefusal(shape: PodShape, node: NodeEntry): Refusal | undefined {
  return nodePorts.check(shape, node) ?? nodeResourcesFit.check(shape, node);
}

/** As `refusal`, but for what the pods on the node take. */
export function staticRefusal(shape: PodShape, node: NodeEntry): Refusal | undefined {
  for (const filter of STATIC_FILTERS) {
    const refused = filter.check(shape, node);
    if (refused !== undefined) return refused;
  }
  return undefined;
}
