import { type Node, type NodeTaint, nodeCondition } from "../../api/kinds/node.ts";
import { Taint } from "../../api/well-known.ts";
import { extend } from "../../lib/extend.ts";

/** Taints that mirror something of the node: nobody else's business, set and taken away at once. */
const MIRRORED: readonly string[] = [
  Taint.notReady,
  Taint.unreachable,
  Taint.unschedulable,
  Taint.memoryPressure,
  Taint.diskPressure,
  Taint.pidPressure,
  Taint.networkUnavailable,
];

const PRESSURES = [
  ["MemoryPressure", Taint.memoryPressure],
  ["DiskPressure", Taint.diskPressure],
  ["PIDPressure", Taint.pidPressure],
  ["NetworkUnavailable", Taint.networkUnavailable],
] as const;

/** The taint that stands for the node's Ready condition, or undefined when it is ready or has not said. */
export function lossTaint(node: Node): string | undefined {
  const ready = nodeCondition(node, "Ready")?.status;
  if (ready === "False") return Taint.notReady;
  return ready === "Unknown" ? Taint.unreachable : undefined;
}

/** Whether pods are being evicted from the node because it is lost. */
export function hasEvictionTaint(node: Node): boolean {
  return (node.spec.taints ?? []).some(isEvictionTaint);
}

/**
 * The node with the taints that its state asks for; the same node when nothing changes.
 * @param evicts whether a lost node has the NoExecute taint, too
 */
export function withTaints(node: Node, evicts: boolean, time: string): Node {
  const before = node.spec.taints ?? [];
  const wanted = wantedTaints(node, evicts);
  const kept = before.filter((taint) => !isOurs(node, taint) || wanted.some((one) => isSame(one, taint)));
  const added = wanted.filter((one) => !before.some((taint) => isSame(one, taint)));
  if (added.length === 0 && kept.length === before.length) return node;
  const taints = [...kept, ...added.map((taint) => extend(taint, { timeAdded: time }))];
  const { taints: _, ...spec } = node.spec;
  return { ...node, spec: taints.length === 0 ? spec : { ...spec, taints } };
}

function wantedTaints(node: Node, evicts: boolean): readonly NodeTaint[] {
  const wanted: NodeTaint[] = [];
  const loss = lossTaint(node);
  if (loss !== undefined) wanted.push({ key: loss, effect: "NoSchedule" });
  if (node.spec.unschedulable === true) wanted.push({ key: Taint.unschedulable, effect: "NoSchedule" });
  for (const [type, key] of PRESSURES) {
    if (nodeCondition(node, type)?.status === "True") wanted.push({ key, effect: "NoSchedule" });
  }
  if (loss !== undefined && evicts) wanted.push({ key: loss, effect: "NoExecute" });
  return wanted;
}

function isOurs(node: Node, taint: NodeTaint): boolean {
  if (isEvictionTaint(taint)) return true;
  if (taint.effect !== "NoSchedule" || !MIRRORED.includes(taint.key)) return false;
  // A node that has not said anything yet keeps the not-ready taint that it was created with.
  return nodeCondition(node, "Ready") !== undefined || taint.key === Taint.unschedulable;
}

function isEvictionTaint({ key, effect }: NodeTaint): boolean {
  return effect === "NoExecute" && (key === Taint.notReady || key === Taint.unreachable);
}

function isSame(a: NodeTaint, b: NodeTaint): boolean {
  return a.key === b.key && a.effect === b.effect;
}
