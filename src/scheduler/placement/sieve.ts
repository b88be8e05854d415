import type { NodeEntry } from "../cache/node-entry.ts";
import type { NodeCheck } from "../filters/node-checks.ts";

/** So many nodes with room are looked at in vain before an index that knows of places is worth its making. */
export const PATIENCE = 32;

/** Asks of nodes that an index has found what it does not know of. One for each search. */
export interface Sieve {
  passes(index: number): boolean;
  /** False when what stands around the node rules it out, and with it all that stand in equal places. */
  likesPlaceOf(index: number): boolean;
  /** True when it has refused so many that another way is better. */
  readonly isSpent: boolean;
}

/** What an index answers whose sieve was spent. */
export const SPENT = -2;

/** Lets every node pass. */
export const ANY_NODE: Sieve = { passes: () => true, likesPlaceOf: () => true, isSpent: false };

/** Lets nodes pass that the check does not refuse. */
export class CheckSieve implements Sieve {
  readonly #nodes: readonly (NodeEntry | undefined)[];
  readonly #check: NodeCheck;
  readonly #patience: number;
  #refused = 0;

  /** @param patience how many nodes it refuses before it is spent */
  constructor(nodes: readonly (NodeEntry | undefined)[], check: NodeCheck, patience: number = PATIENCE) {
    this.#nodes = nodes;
    this.#check = check;
    this.#patience = patience;
  }

  get isSpent(): boolean {
    return this.#refused >= this.#patience;
  }

  passes(index: number): boolean {
    if (this.#check.refusalAround(this.#nodes[index] as NodeEntry) === undefined) return true;
    this.#refused++;
    return false;
  }

  likesPlaceOf(index: number): boolean {
    return this.#check.neighbours?.isRefusedNow(this.#nodes[index] as NodeEntry) !== true;
  }
}
