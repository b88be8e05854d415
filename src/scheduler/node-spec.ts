import { isNodeReady, type Node, type NodeTaint, nodeCondition } from "../api/kinds/node.ts";
import { resourceAmount } from "../api/quantity.ts";
import { Taint } from "../api/well-known.ts";
import { DEFAULT_MAX_PODS, type NodeSpec } from "./cache/node-entry.ts";

const NOT_READY: NodeTaint = { key: Taint.notReady, effect: "NoSchedule" };
const UNREACHABLE: NodeTaint = { key: Taint.unreachable, effect: "NoSchedule" };

/** What the scheduler needs to know of a Node. */
export function nodeSpecOf(node: Node): NodeSpec {
  const { metadata, spec } = node;
  return {
    name: metadata.name,
    order: metadata.uid,
    labels: metadata.labels ?? {},
    taints: effectiveTaints(node),
    unschedulable: spec.unschedulable === true,
    allocatable: amountsOf(node),
  };
}

/** True when nothing has changed that `nodeSpecOf` looks at: heartbeats and addresses do not matter. */
export function isSameToScheduler(before: Node, after: Node): boolean {
  return (
    before.metadata.uid === after.metadata.uid &&
    before.spec === after.spec &&
    before.metadata.labels === after.metadata.labels &&
    before.status.allocatable === after.status.allocatable &&
    before.status.capacity === after.status.capacity &&
    nodeCondition(before, "Ready")?.status === nodeCondition(after, "Ready")?.status
  );
}

/**
 * The taints of the Node, and the one it is about to get: a node that is not ready is not used, even before whoever
 * looks after nodes has come round to tainting it.
 */
function effectiveTaints(node: Node): readonly NodeTaint[] {
  const taints = node.spec.taints ?? [];
  if (isNodeReady(node)) return taints;
  const isTainted = taints.some(
    ({ key, effect }) => effect === "NoSchedule" && (key === NOT_READY.key || key === UNREACHABLE.key),
  );
  if (isTainted) return taints;
  return [...taints, nodeCondition(node, "Ready")?.status === "Unknown" ? UNREACHABLE : NOT_READY];
}

function amountsOf({ status }: Node): Record<string, number> {
  const amounts: Record<string, number> = { cpu: 0, memory: 0, pods: DEFAULT_MAX_PODS };
  const quantities = status.allocatable ?? status.capacity ?? {};
  for (const name of Object.keys(quantities)) {
    if (name in Object.prototype) continue;
    amounts[name] = Math.max(0, resourceAmount(name, quantities[name] as string));
  }
  return amounts;
}
