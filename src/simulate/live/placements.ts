import type { ChaosEvent } from "../../chaos/events.ts";

/** Where the pods of a history went, pod by pod, in order: `default/web` -> `["node-1", "node-3"]`. */
export class Placements {
  readonly #nodes = new Map<string, string[]>();
  #bindings = 0;

  get bindings(): number {
    return this.#bindings;
  }

  see(event: ChaosEvent): void {
    if (event.type !== "pod-bound" && (event.type !== "pod-added" || event.node === undefined)) return;
    this.bound(event.pod, event.node as string);
  }

  bound(pod: string, node: string): void {
    const nodes = this.#nodes.get(pod);
    if (nodes === undefined) this.#nodes.set(pod, [node]);
    else nodes.push(node);
    this.#bindings++;
  }

  /** Pods that went elsewhere in the other history, by name; none: all bindings are the same. */
  differencesTo(other: Placements): readonly PlacementDifference[] {
    const names = [...new Set([...this.#nodes.keys(), ...other.#nodes.keys()])];
    return names.flatMap((pod) => {
      const [recorded, now] = [this.#nodes.get(pod) ?? [], other.#nodes.get(pod) ?? []];
      return recorded.join() === now.join() ? [] : [{ pod, recorded, now }];
    });
  }
}

/** A pod that went elsewhere. */
export interface PlacementDifference {
  readonly pod: string;
  readonly recorded: readonly string[];
  readonly now: readonly string[];
}
