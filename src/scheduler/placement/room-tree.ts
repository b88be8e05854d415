/**
 * Nodes in some order, each with its room; finds the first in that order that has enough of everything.
 *
 * `room` and `amounts` are vectors over the same resources. Both trees keep the largest room per resource of every
 * subtree and skip subtrees that cannot hold an answer.
 */
export interface RoomTree {
  /** Puts the node in, or moves it to where it belongs now. `room` is copied; negative room counts as none. */
  set(id: number, room: Float64Array, key: number, group: number): void;
  /** Takes the node out; harmless when it is not in. */
  clear(id: number): void;
}
