/** What a search for the fewest nodes asks. */
export interface NodeSearch {
  /** Whether so many nodes hold all pods: a placement from the start. */
  readonly holds: (nodes: number) => boolean;
  /** Fewer cannot hold them, whoever places them. */
  readonly least: number;
  /** Where to begin. */
  readonly guess: number;
  /** More are not tried. */
  readonly most: number;
  /** Asked before each try below the number that was found: false ends the search. */
  readonly mayGoOn: () => boolean;
}

/** The fewest nodes that were found to hold all pods. */
export interface FewestNodes {
  /** Null when no number up to the most holds them. */
  readonly nodes: number | null;
  /** Every number from here to below `nodes` was tried in vain; null when there is no such number. */
  readonly triedFrom: number | null;
  /** True when all from the lower bound on were. */
  readonly isFewest: boolean;
}

/**
 * Doubles until all pods have a place, then halves the gap. As more nodes may hold fewer pods (they spread, and leave
 * no room for a large one), that number need not be the least: those below it are then tried one by one down to the
 * lower bound, as long as the search may go on. Pauses after every try.
 */
export function* fewestNodes(search: NodeSearch): Generator<void, FewestNodes> {
  const { holds: place, least, guess, most, mayGoOn } = search;
  const known = new Map<number, boolean>();
  function* holds(nodes: number): Generator<void, boolean> {
    const before = known.get(nodes);
    if (before !== undefined) return before;
    const answer = place(nodes);
    known.set(nodes, answer);
    yield;
    return answer;
  }
  if (yield* holds(least)) return { nodes: least, triedFrom: least, isFewest: true };
  let [low, high] = [least, Math.max(guess, least + 1)];
  while (!(yield* holds(high))) {
    if (high >= most) return { nodes: null, triedFrom: null, isFewest: false };
    [low, high] = [high, Math.min(most, high * 2)];
  }
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (yield* holds(middle)) high = middle;
    else low = middle;
  }
  let next = high - 1;
  for (; next > least && (known.has(next) || mayGoOn()); next--) if (yield* holds(next)) high = next;
  // The least was the first to be tried.
  const triedFrom = next === least ? least : next + 1;
  return { nodes: high, triedFrom, isFewest: triedFrom === least };
}
