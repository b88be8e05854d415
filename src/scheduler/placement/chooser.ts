import type { NodeEntry } from "../cache/node-entry.ts";
import type { ScoreContext } from "../strategy.ts";
import type { PlaceablePod } from "./pod.ts";
import type { RoomTree } from "./room-tree.ts";

/** A tree over nodes, and how one of them is chosen with it; one implementation per kind of `Order`. */
export interface Chooser {
  readonly tree: RoomTree;
  /** What the node is sorted by: see `RoomTree.set`. */
  keyOf(node: NodeEntry): number;
  groupOf(node: NodeEntry): number;
  /** Index of the chosen node, or -1 when none has room. */
  choose(pod: PlaceablePod, context: ScoreContext): number;
}
