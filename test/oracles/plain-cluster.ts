import type { PlainNode, PlainPod } from "./plain-data.ts";

/** The strategies that have a plain rule. */
export type PlainStrategy = "first-fit" | "best-fit" | "worst-fit";

/** A node with what is left of it. */
export interface Room {
  readonly name: string;
  readonly left: number[];
}

/** The nodes as they are before anybody comes. */
export function emptyRooms(nodes: readonly PlainNode[]): Room[] {
  return nodes.map(({ name, has }) => ({ name, left: [...has] }));
}

/**
 * Where a pod goes, by looking at every node: the first that fits, or the one with the least or most CPU left
 * afterwards, of equals the first. Undefined: it fits nowhere.
 */
export function choose(strategy: PlainStrategy, rooms: readonly Room[], pod: PlainPod): Room | undefined {
  let best: Room | undefined;
  for (const room of rooms) {
    if (!pod.asks.every((amount, at) => amount <= (room.left[at] as number))) continue;
    if (best === undefined) best = room;
    else if (strategy === "best-fit" && cpu(room) < cpu(best)) best = room;
    else if (strategy === "worst-fit" && cpu(room) > cpu(best)) best = room;
    if (strategy === "first-fit") break;
  }
  return best;
}

/** Takes room on a node. */
export function take(room: Room, pod: PlainPod): void {
  for (const [at, amount] of pod.asks.entries()) room.left[at] = (room.left[at] as number) - amount;
}

/** Gives it back. */
export function giveBack(room: Room, pod: PlainPod): void {
  for (const [at, amount] of pod.asks.entries()) room.left[at] = (room.left[at] as number) + amount;
}

function cpu({ left: [amount = 0] }: Room): number {
  return amount;
}
