import type { NodeEntry } from "../cache/node-entry.ts";
import type { ScoreContext } from "../strategy.ts";
import type { PlaceablePod } from "./pod.ts";
import type { RoomTree } from "./room-tree.ts";
import type { Sieve } from "./sieve.ts";

/** A tree over nodes, and how one of them is chosen with it; one implementation per kind of `Order`. */
export interface Chooser {
  readonly tree: RoomTree;
  /** What the node is sorted by: see `RoomTree.set`. */
  keyOf(node: NodeEntry): number;
  groupOf(node: NodeEntry): number;
  /** True when it would be quicker if it were made anew. */
  readonly isCrowded?: boolean;
  /** Index of the chosen node; -1 when none that passes the sieve has room, or SPENT. */
  choose(pod: PlaceablePod, context: ScoreContext, sieve?: Sieve): number;
}
