import type { NodeEntry } from "../cache/node-entry.ts";
import type { PodShape } from "../cache/pod-shape.ts";
import type { Filter, Refusal } from "./filter.ts";

/** What a node says that has no place for one more pod. */
export const TOO_MANY_PODS = "Too many pods";

/** Room for one more pod, and for each resource it asks for. What is not asked for is not looked at. */
export const nodeResourcesFit: Filter = {
  name: "NodeResourcesFit",
  check: (shape, node) => (hasRoom(shape, node) ? undefined : refusalOf(shape, node)),
};

/** The rule itself: every requested resource fits, and there is a place for one more pod. */
export function hasRoom(shape: PodShape, node: NodeEntry): boolean {
  if (node.podCount >= node.maxPods) return false;
  const { amounts } = shape;
  for (let index = 0; index < amounts.length; index++) {
    const amount = amounts[index] as number;
    if (amount > 0 && amount > node.room(shape, index)) return false;
  }
  return true;
}

function refusalOf(shape: PodShape, node: NodeEntry): Refusal {
  const { resources, amounts, shortages } = shape;
  const reasons: string[] = [];
  let unresolvable = false;
  if (node.podCount >= node.maxPods) reasons.push(TOO_MANY_PODS);
  for (let index = 0; index < resources.length; index++) {
    const resource = resources[index] as string;
    const amount = amounts[index] as number;
    if (amount <= 0 || amount <= node.room(shape, index)) continue;
    reasons.push(shortages[index] as string);
    // Even an empty node of this size would be too small.
    unresolvable ||= amount > (node.allocatable[resource] ?? 0);
  }
  return { reasons, unresolvable };
}
