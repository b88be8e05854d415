import type { PodShape } from "../cache/pod-shape.ts";
import { Fragmentation, type PodKind } from "./fragmentation.ts";

/** The commonest kinds that make up so much of all pods are the typical ones. */
const POPULARITY = 0.95;

/** What is typical is found out anew when there are so many more or fewer pods than when that was done last. */
const DRIFT = 0.1;

/**
 * What pods the cluster gets, learnt from those that it has: waiting and running. Asked by strategies that look ahead;
 * costs nothing while nobody asks.
 */
export class TypicalPods {
  readonly #shapes: () => Iterable<PodShape>;
  readonly #count: () => number;
  #known:
    | { readonly fragmentation: Fragmentation; readonly count: number; readonly renewAt: number }
    | undefined;

  /**
   * @param shapes of every pod that there is
   * @param count how many these are
   */
  constructor(shapes: () => Iterable<PodShape>, count: () => number) {
    this.#shapes = shapes;
    this.#count = count;
  }

  /**
   * What is left over for them on nodes; the same object while it says the same.
   * @param placements how many have been made so far: after as many as there are pods the mix may be another one
   */
  fragmentation(placements: number): Fragmentation {
    const count = this.#count();
    const known = this.#known;
    if (known !== undefined && placements < known.renewAt) {
      if (Math.abs(count - known.count) <= DRIFT * known.count) return known.fragmentation;
    }
    const fragmentation = new Fragmentation(typical(this.#shapes()));
    this.#known = { fragmentation, count, renewAt: placements + Math.max(1, count) };
    return fragmentation;
  }
}

/** The commonest kinds of pods, with their shares of all that these make up. */
function typical(shapes: Iterable<PodShape>): PodKind[] {
  const counts = new Map<string, { readonly shape: PodShape; count: number }>();
  let total = 0;
  for (const shape of shapes) {
    total++;
    const key = kindOf(shape);
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { shape, count: 1 });
    else known.count++;
  }
  // The key decides between equals, so that the order in which pods came does not matter.
  const kinds = [...counts].sort(([a, { count: m }], [b, { count: n }]) => n - m || (a < b ? -1 : 1));
  const chosen: { readonly shape: PodShape; readonly count: number }[] = [];
  let covered = 0;
  for (const [, kind] of kinds) {
    if (covered >= POPULARITY * total) break;
    covered += kind.count;
    chosen.push(kind);
  }
  return chosen.map(({ shape, count }) => ({ shape, share: count / covered }));
}

function kindOf({ amounts, gpu, constraints }: PodShape): string {
  return `${amounts[0]} ${gpu?.devices ?? 0} ${gpu?.milli ?? 0} ${constraints.signature}`;
}
