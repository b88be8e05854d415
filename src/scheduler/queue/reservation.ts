import type { NodeEntry } from "../cache/node-entry.ts";
import type { PodShape } from "../cache/pod-shape.ts";
import { staticRefusal } from "../filters/registry.ts";

/** A pod that takes room, and when it will give it back (monotonic ms; infinite: never). */
export interface Occupant {
  readonly node: NodeEntry;
  readonly shape: PodShape;
  readonly endsAtMs: number;
}

/** Where and when a pod that waits will have room. */
export interface Reservation {
  readonly node: NodeEntry;
  readonly atMs: number;
  /** What will be left there at that time beside the pod, by resource. */
  readonly spare: Map<string, number>;
}

/** The node on which a pod of this shape fits first, if nobody else comes; undefined when it never will. */
export function reserve(
  shape: PodShape,
  nodes: readonly (NodeEntry | undefined)[],
  occupants: Iterable<Occupant>,
): Reservation | undefined {
  const byNode = new Map<NodeEntry, Occupant[]>();
  for (const occupant of occupants) {
    if (occupant.endsAtMs === Number.POSITIVE_INFINITY) continue;
    const there = byNode.get(occupant.node);
    if (there === undefined) byNode.set(occupant.node, [occupant]);
    else there.push(occupant);
  }
  let first: Reservation | undefined;
  for (const node of nodes) {
    if (node === undefined || staticRefusal(shape, node) !== undefined) continue;
    const found = reserveOn(shape, node, byNode.get(node) ?? []);
    if (found !== undefined && (first === undefined || found.atMs < first.atMs)) first = found;
  }
  return first;
}

function reserveOn(
  shape: PodShape,
  node: NodeEntry,
  occupants: readonly Occupant[],
): Reservation | undefined {
  const ending = occupants.toSorted((a, b) => a.endsAtMs - b.endsAtMs);
  const free = new Map(shape.resources.map((name) => [name, node.free(name)]));
  let pods = node.maxPods - node.podCount;
  for (let index = 0; index < ending.length; ) {
    const atMs = (ending[index] as Occupant).endsAtMs;
    // All that end at one instant give their room back before anybody takes it.
    for (; index < ending.length && (ending[index] as Occupant).endsAtMs === atMs; index++) {
      const { resources, amounts } = (ending[index] as Occupant).shape;
      for (const [at, name] of resources.entries()) {
        free.set(name, (free.get(name) ?? node.free(name)) + (amounts[at] as number));
      }
      pods++;
    }
    const left = shape.resources.map(
      (name, at) => (free.get(name) as number) - (shape.amounts[at] as number),
    );
    if (pods <= 0 || left.some((amount, at) => amount < 0 && (shape.amounts[at] as number) > 0)) continue;
    for (const [at, name] of shape.resources.entries()) free.set(name, left[at] as number);
    return { node, atMs, spare: free };
  }
  return undefined;
}
