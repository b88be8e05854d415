import { createHash } from "node:crypto";
import { choose, emptyRooms, giveBack, type PlainStrategy, type Room, take } from "./plain-cluster.ts";
import type { PlainNode, PlainPod } from "./plain-data.ts";

/** What pods that do not fit do to those behind them. */
export type PlainQueue = "skip" | "fcfs" | "easy";

/** A pod on a node, until it ends. */
interface Running {
  readonly pod: PlainPod;
  readonly room: Room;
  readonly endS: number;
}

/** What a replay came to, by the names of `kubesim simulate -o json`. */
export interface PlainAnswer {
  readonly pods: number;
  readonly placed: number;
  readonly pending: number;
  readonly nodesUsed: number;
  readonly placementSha256: string;
  readonly waited: number;
  readonly totalWaitSeconds: number;
  readonly makespanSeconds: number | null;
  readonly startSha256: string;
}

/**
 * Replays pods on nodes by the plainest of means: at every instant at which something happens, first those that are
 * done give back their room, then those that come join the end of the queue, then the queue is gone through once.
 */
export function plainReplay(
  nodes: readonly PlainNode[],
  pods: readonly PlainPod[],
  strategy: PlainStrategy,
  queue: PlainQueue,
): PlainAnswer {
  const rooms = emptyRooms(nodes);
  const starts = new Map<string, { readonly room: Room; readonly atS: number; readonly endS: number }>();
  let running: Running[] = [];
  let waiting: PlainPod[] = [];
  let next = 0;
  while (true) {
    const nextEndS = running.reduce((least, { endS }) => Math.min(least, endS), Infinity);
    const nowS = Math.min(nextEndS, pods[next]?.atS ?? Infinity);
    if (nowS === Infinity) break;
    for (const { pod, room, endS } of running) if (endS === nowS) giveBack(room, pod);
    running = running.filter(({ endS }) => endS > nowS);
    for (; next < pods.length && (pods[next] as PlainPod).atS === nowS; next++)
      waiting.push(pods[next] as PlainPod);
    const started = pass(strategy, queue, rooms, waiting, running, nowS);
    for (const { pod, room, endS } of started) starts.set(pod.id, { room, atS: nowS, endS });
    waiting = waiting.filter(({ id }) => !starts.has(id));
  }
  const waits = pods.map(({ id, atS }) => (starts.get(id)?.atS ?? atS) - atS);
  const ends = [...starts.values()].map(({ endS }) => endS).filter(Number.isFinite);
  return {
    pods: pods.length,
    placed: starts.size,
    pending: pods.length - starts.size,
    nodesUsed: new Set([...starts.values()].map(({ room }) => room.name)).size,
    placementSha256: sha256(pods.map(({ id }) => `${id} ${starts.get(id)?.room.name ?? "-"}\n`)),
    waited: waits.filter((waitS) => waitS > 0).length,
    totalWaitSeconds: waits.reduce((sum, waitS) => sum + waitS, 0),
    makespanSeconds: ends.length === 0 ? null : ends.reduce((most, endS) => Math.max(most, endS)),
    startSha256: sha256(pods.map(({ id }) => `${id} ${starts.get(id)?.atS ?? "-"}\n`)),
  };
}

/** Goes once through the queue. @returns those that start now; they are added to `running` */
function pass(
  strategy: PlainStrategy,
  queue: PlainQueue,
  rooms: readonly Room[],
  waiting: readonly PlainPod[],
  running: Running[],
  nowS: number,
): readonly Running[] {
  const started: Running[] = [];
  let reservation: Reservation | undefined;
  let isHeldUp = false;
  for (const pod of waiting) {
    const endS = nowS + pod.runS;
    const { room: reserved, spare = [] } = reservation ?? {};
    const isLate = reservation !== undefined && endS > reservation.atS;
    const isInTheWay = isLate && pod.asks.some((amount, at) => amount > (spare[at] as number));
    const open = isInTheWay ? rooms.filter((room) => room !== reserved) : rooms;
    const room = choose(strategy, open, pod);
    if (room === undefined) {
      if (queue === "fcfs") break;
      if (queue === "easy" && !isHeldUp) reservation = reserve(rooms, running, pod);
      isHeldUp = true;
      continue;
    }
    if (isLate && room === reserved)
      for (const [at, amount] of pod.asks.entries()) spare[at] = (spare[at] as number) - amount;
    take(room, pod);
    const entry = { pod, room, endS };
    started.push(entry);
    running.push(entry);
  }
  return started;
}

interface Reservation {
  readonly room: Room;
  readonly atS: number;
  /** What is left beside the pod that has it, at that time. */
  readonly spare: number[];
}

/** Where the pod fits first when nobody else comes; at one time on the first such node. */
function reserve(
  rooms: readonly Room[],
  running: readonly Running[],
  pod: PlainPod,
): Reservation | undefined {
  const ending = running.filter(({ endS }) => Number.isFinite(endS)).sort((a, b) => a.endS - b.endS);
  const then = new Map(rooms.map((room) => [room, { ...room, left: [...room.left] }]));
  for (const [at, { pod: other, room: freed, endS: atS }] of ending.entries()) {
    giveBack(then.get(freed) as Room, other);
    // All that end at one time give their room back before anybody takes it.
    if (ending[at + 1]?.endS === atS) continue;
    for (const [room, { left }] of then) {
      const spare = left.map((amount, resource) => amount - (pod.asks[resource] as number));
      if (spare.every((amount) => amount >= 0)) return { room, atS, spare };
    }
  }
  return undefined;
}

function sha256(lines: readonly string[]): string {
  return createHash("sha256").update(lines.join("")).digest("hex");
}
