import type { NodeEntry } from "../cache/node-entry.ts";
import type { PodShape } from "../cache/pod-shape.ts";
import type { Filter, Refusal } from "./filter.ts";
import { nodeAffinity } from "./node-affinity.ts";
import { nodeName } from "./node-name.ts";
import { nodeResourcesFit } from "./node-resources-fit.ts";
import { nodeUnschedulable } from "./node-unschedulable.ts";
import { pinnedNodes } from "./pinned-nodes.ts";
import { taintToleration } from "./taint-toleration.ts";

/** Filters that ask for nothing that pods on the node can change, in the real scheduler's order. */
const STATIC_FILTERS: readonly Filter[] = [
  pinnedNodes,
  nodeUnschedulable,
  nodeName,
  taintToleration,
  nodeAffinity,
];

/** Every filter, in the real scheduler's order. */
const FILTERS: readonly Filter[] = [...STATIC_FILTERS, nodeResourcesFit];

/** Why the pod can not run on the node: what the first filter that refuses says. Undefined when all pass. */
export function refusal(shape: PodShape, node: NodeEntry): Refusal | undefined {
  return firstRefusal(FILTERS, shape, node);
}

/** True when the pod may run on the node as far as anything but room goes. */
export function passesStaticFilters(shape: PodShape, node: NodeEntry): boolean {
  return firstRefusal(STATIC_FILTERS, shape, node) === undefined;
}

function firstRefusal(filters: readonly Filter[], shape: PodShape, node: NodeEntry): Refusal | undefined {
  for (const filter of filters) {
    const refused = filter.check(shape, node);
    if (refused !== undefined) return refused;
  }
  return undefined;
}
