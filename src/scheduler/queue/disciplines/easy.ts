import type { ClusterState } from "../../cache/cluster-state.ts";
import type { NodeEntry } from "../../cache/node-entry.ts";
import type { PodInfo } from "../../pod-info.ts";
import type { Admission, Line, QueueDiscipline } from "../discipline.ts";
import { expectedRunMs } from "../expected-run.ts";
import { type Occupant, reserve } from "../reservation.ts";

/**
 * EASY backfilling (Lifka 1995): the first pod that does not fit gets a reservation at the earliest time at which it
 * will, and a pod behind it may overtake when it does not put that off. Run times are the true ones: the pods'
 * `kubesim.dev/duration`.
 */
export const easy: QueueDiscipline = {
  name: "easy",
  summary:
    "first come, first served, but pods that do not delay the first one may overtake (EASY backfilling)",
  startsAtHead: true,
  start: (state) => new EasyLine(state),
};

class EasyLine implements Line {
  readonly #state: ClusterState;
  readonly #occupants = new Map<string, Occupant>();

  constructor(state: ClusterState) {
    this.#state = state;
  }

  placed(pod: PodInfo, node: NodeEntry, nowMs: number): void {
    this.#occupants.set(pod.uid, { node, shape: pod.shape, endsAtMs: nowMs + expectedRunMs(pod.pod) });
  }

  behind(pod: PodInfo): Admission {
    for (const [uid, { node }] of this.#occupants) {
      if (this.#state.nodeOf(uid) !== node.name) this.#occupants.delete(uid);
    }
    const reservation = reserve(pod.shape, this.#state.nodes, this.#occupants.values());
    if (reservation === undefined) return () => true;
    const { node: reserved, atMs, spare } = reservation;
    return ({ shape, pod }, node, nowMs) => {
      if (node !== reserved || nowMs + expectedRunMs(pod) <= atMs) return true;
      const fits = shape.resources.every(
        (name, at) => (shape.amounts[at] as number) <= (spare.get(name) ?? 0),
      );
      if (!fits) return false;
      for (const [at, name] of shape.resources.entries()) {
        spare.set(name, (spare.get(name) ?? 0) - (shape.amounts[at] as number));
      }
      return true;
    };
  }
}
