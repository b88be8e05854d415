import type { ClusterState } from "../cache/cluster-state.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import type { CountedPlaces } from "../neighbours/neighbour-check.ts";
import { placeOf } from "../neighbours/tally.ts";

/** What is counted by one topology key. */
interface Key {
  readonly topologyKey: string;
  readonly counted: readonly CountedPlaces[];
  /** Few large places: each is a group of its own, so that nodes stay in their group whatever is counted. */
  readonly isCoarse: boolean;
  /** What the counts in a place said when its nodes were last put into groups. */
  readonly told: Map<string, string>;
}

/**
 * Groups of nodes that the rules of a kind of pod cannot tell apart: nodes of one group stand in the same of a few
 * large places, or in small ones with equal counts. What one node of a group is told by `NeighbourCheck`, all are.
 */
export class PlaceGroups {
  readonly #state: ClusterState;
  #counted: readonly CountedPlaces[] = [];
  #keys: readonly Key[] = [];
  #topology = -1;
  /** Nodes by topology key and place, as far as somebody has asked. */
  readonly #nodes = new Map<string, ReadonlyMap<string, readonly NodeEntry[]>>();
  /** Rises when all nodes have to be put into groups anew. */
  version = 0;

  constructor(state: ClusterState) {
    this.#state = state;
  }

  /** Takes over what the rules count now; to be called before groups are asked for. */
  follow(counted: readonly CountedPlaces[]): void {
    const isSame =
      this.#topology === this.#state.topologyVersion &&
      counted.length === this.#counted.length &&
      counted.every(({ tally }, at) => tally === this.#counted[at]?.tally);
    if (isSame) return;
    this.#topology = this.#state.topologyVersion;
    this.#counted = counted;
    this.#nodes.clear();
    const keys = new Set(counted.map(({ topologyKey }) => topologyKey));
    this.#keys = [...keys].map((topologyKey) => this.#key(topologyKey));
    this.version++;
  }

  /** Names the group that a node is in. */
  groupOf(node: NodeEntry): string {
    let name = "";
    for (const key of this.#keys) {
      const place = placeOf(node, key.topologyKey);
      name += place === undefined ? "-;" : `${key.isCoarse ? `=${place}` : countsIn(key, place)};`;
    }
    return name;
  }

  /** The nodes that may have changed their group with one that has changed. */
  *movedWith(node: NodeEntry): Iterable<NodeEntry> {
    for (const key of this.#keys) {
      const place = key.isCoarse ? undefined : placeOf(node, key.topologyKey);
      if (place === undefined) continue;
      const counts = countsIn(key, place);
      if (key.told.get(place) === counts) continue;
      key.told.set(place, counts);
      yield* this.#nodesIn(key.topologyKey, place);
    }
  }

  #key(topologyKey: string): Key {
    const counted = this.#counted.filter((one) => one.topologyKey === topologyKey);
    const places = Math.max(...counted.map(({ tally }) => tally.by(topologyKey).size));
    return { topologyKey, counted, isCoarse: places ** 2 <= this.#state.nodesTotal, told: new Map() };
  }

  #nodesIn(topologyKey: string, place: string): readonly NodeEntry[] {
    let places = this.#nodes.get(topologyKey);
    if (places === undefined) {
      places = byPlace(this.#state.nodes, topologyKey);
      this.#nodes.set(topologyKey, places);
    }
    return places.get(place) ?? [];
  }
}

function byPlace(nodes: readonly (NodeEntry | undefined)[], topologyKey: string): Map<string, NodeEntry[]> {
  const places = new Map<string, NodeEntry[]>();
  for (const node of nodes) {
    const place = node === undefined ? undefined : placeOf(node, topologyKey);
    if (node === undefined || place === undefined) continue;
    const there = places.get(place);
    if (there === undefined) places.set(place, [node]);
    else there.push(node);
  }
  return places;
}

/** As far as rules look: those that keep a balance at the number of pods, the others at whether there is one. */
function countsIn({ topologyKey, counted }: Key, place: string): string {
  let all = "";
  for (const { tally, isBalanced } of counted) {
    const count = tally.by(topologyKey).in(place);
    all += `${isBalanced ? count : count > 0 ? 1 : 0},`;
  }
  return all;
}
