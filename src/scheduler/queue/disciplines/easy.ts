import type { ClusterState } from "../../cache/cluster-state.ts";
import type { NodeEntry } from "../../cache/node-entry.ts";
import type { PodShape } from "../../cache/pod-shape.ts";
import type { PodInfo } from "../../pod-info.ts";
import type { Line, Overtaking, QueueDiscipline } from "../discipline.ts";
import type { Reservation } from "../endings.ts";
import { expectedRunMs } from "../expected-run.ts";
import { Occupants } from "../reservation.ts";

/**
 * EASY backfilling (Lifka 1995): the first pod that does not fit gets a reservation at the earliest time at which it
 * will, and a pod behind it may overtake when it does not put that off. Run times are the true ones: the pods'
 * `kubesim.dev/duration`.
 */
export const easy: QueueDiscipline = {
  name: "easy",
  startsAtHead: true,
  start: (state) => new EasyLine(state),
};

class EasyLine implements Line {
  readonly #occupants: Occupants;

  constructor(state: ClusterState) {
    this.#occupants = new Occupants(state);
  }

  placed({ uid, shape, pod }: PodInfo, node: NodeEntry, nowMs: number): void {
    this.#occupants.add({ uid, node, shape, endsAtMs: nowMs + expectedRunMs(pod) });
  }

  behind({ shape }: PodInfo): Overtaking {
    return new Backfill(this.#occupants.reserve(shape));
  }
}

/** Pods may go that end before the reserved time, run elsewhere, or leave the first one its room all the same. */
class Backfill implements Overtaking {
  readonly #reserved: Reservation | undefined;

  constructor(reserved: Reservation | undefined) {
    this.#reserved = reserved;
  }

  longestRunMs({ shape }: PodInfo, node: NodeEntry, nowMs: number): number {
    const reserved = this.#reserved;
    if (node !== reserved?.node || isWithin(shape, reserved.spare)) return Number.POSITIVE_INFINITY;
    return reserved.atMs - nowMs;
  }

  overtook({ shape, pod }: PodInfo, node: NodeEntry, nowMs: number): void {
    const reserved = this.#reserved;
    if (node !== reserved?.node || nowMs + expectedRunMs(pod) <= reserved.atMs) return;
    for (const [at, name] of shape.resources.entries()) {
      reserved.spare.set(name, (reserved.spare.get(name) ?? 0) - (shape.amounts[at] as number));
    }
  }
}

function isWithin({ resources, amounts }: PodShape, spare: ReadonlyMap<string, number>): boolean {
  return resources.every((name, at) => (amounts[at] as number) <= (spare.get(name) ?? 0));
}
