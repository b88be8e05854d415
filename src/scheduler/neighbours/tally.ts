import type { ClusterState } from "../cache/cluster-state.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import { PlaceCounts } from "./place-counts.ts";

/**
 * How many pods of some kind there are on every node, and in every place that labels of nodes tell apart. A pod more
 * or less costs O(1); when nodes or their labels change, places are counted anew on the next question.
 */
export class Tally {
  readonly #state: ClusterState;
  readonly #isCounted: (node: NodeEntry) => boolean;
  readonly #byNode = new Map<string, number>();
  readonly #byKey = new Map<string, PlaceCounts>();
  #version = -1;
  #pods = 0;

  /** @param isCounted whether a node's pods, and its places, count */
  constructor(state: ClusterState, isCounted: (node: NodeEntry) => boolean = () => true) {
    this.#state = state;
    this.#isCounted = isCounted;
  }

  /** Number of pods, wherever they are. */
  get pods(): number {
    return this.#pods;
  }

  /** So many pods more (or less) are on the node. */
  add(node: NodeEntry, count: number): void {
    this.#pods += count;
    const onNode = this.onNodeNamed(node.name) + count;
    if (onNode === 0) this.#byNode.delete(node.name);
    else this.#byNode.set(node.name, onNode);
    if (this.#version === this.#state.topologyVersion) this.#addToPlaces(node, count);
  }

  onNodeNamed(name: string): number {
    return this.#byNode.get(name) ?? 0;
  }

  /** True when pods on the node count. */
  counts(node: NodeEntry): boolean {
    return this.#isCounted(node);
  }

  /** How many pods there are in each place that the label tells apart. */
  by(topologyKey: string): PlaceCounts {
    if (this.#version !== this.#state.topologyVersion) {
      this.#version = this.#state.topologyVersion;
      this.#byKey.clear();
    }
    let counts = this.#byKey.get(topologyKey);
    if (counts === undefined) {
      counts = new PlaceCounts();
      this.#byKey.set(topologyKey, counts);
      for (const node of this.#state.nodes) {
        if (node !== undefined && this.#isCounted(node))
          bump(counts, topologyKey, node, this.onNodeNamed(node.name));
      }
    }
    return counts;
  }

  #addToPlaces(node: NodeEntry, count: number): void {
    if (node.index < 0 || this.#byKey.size === 0 || !this.#isCounted(node)) return;
    for (const [key, counts] of this.#byKey) bump(counts, key, node, count);
  }
}

function bump(counts: PlaceCounts, key: string, node: NodeEntry, count: number): void {
  const value = placeOf(node, key);
  if (value !== undefined) counts.add(value, count);
}

/** The value of a node's label, undefined when it does not have it. */
export function placeOf({ labels }: Pick<NodeEntry, "labels">, topologyKey: string): string | undefined {
  return Object.hasOwn(labels, topologyKey) ? labels[topologyKey] : undefined;
}
