import { scaledValue } from "../../api/int-or-percent.ts";
import type { DaemonSet } from "../../api/kinds/daemon-set.ts";
import type { Pod } from "../../api/kinds/pod.ts";
import { isReady } from "../workloads/pod-readiness.ts";

/** The pods of a node that is being updated by surging: the oldest of either template. */
interface Pair {
  readonly updated: Pod | undefined;
  readonly outdated: Pod | undefined;
}

/** How many nodes may have a second pod during an update; 0: none, pods are replaced. */
export function surgeOf({ spec }: DaemonSet, nodes: number): number {
  const { type, rollingUpdate } = spec.updateStrategy;
  return type === "RollingUpdate" ? scaledValue(rollingUpdate?.maxSurge ?? 0, nodes, "up") : 0;
}

/**
 * An update by surging: the new pod is made beside the old one, which goes when the new one is available
 * (pkg/controller/daemon/update.go).
 */
export class Surge {
  readonly #isUpdated: (pod: Pod) => boolean;
  readonly #isAvailable: (pod: Pod) => boolean;
  readonly #urgent: string[] = [];
  readonly #candidates: string[] = [];
  #under = 0;

  constructor(isUpdated: (pod: Pod) => boolean, isAvailable: (pod: Pod) => boolean) {
    this.#isUpdated = isUpdated;
    this.#isAvailable = isAvailable;
  }

  /** Looks at one node. @param running its pods, the oldest first @returns those that are to go */
  lookAt(nodeName: string, running: readonly Pod[]): readonly Pod[] {
    const updated = running.find((pod) => this.#isUpdated(pod));
    const outdated = running.find((pod) => !this.#isUpdated(pod));
    const pair: Pair = { updated, outdated };
    const more = running.filter((pod) => pod !== updated && pod !== outdated);
    if (outdated === undefined) return more;
    if (updated === undefined) {
      // Where the old one serves nobody nothing is lost.
      (this.#isAvailable(outdated) ? this.#candidates : this.#urgent).push(nodeName);
      return more;
    }
    if (this.#isDone(pair)) return [...more, outdated];
    this.#under++;
    return more;
  }

  /** The nodes that get a second pod now, `most` nodes at a time. */
  next(most: number): readonly string[] {
    return [...this.#urgent, ...this.#candidates.slice(0, Math.max(0, most - this.#under))];
  }

  #isDone({ updated, outdated }: Pair): boolean {
    return this.#isAvailable(updated as Pod) || !isReady(outdated as Pod);
  }
}
