import type { Dice } from "./dice.ts";
import type { ChaosOptions, Limit } from "./options.ts";

/** A node as the plan sees it, before the tick. */
export interface PlanNode {
  readonly name: string;
  readonly inScope: boolean;
  /** No fault acts on it. */
  readonly up: boolean;
  /** This run has a fault on it. */
  readonly failedByRun: boolean;
  /** Other faults than this run's act on it too, or it is shown as not ready though this run never touched it. */
  readonly otherwiseDown: boolean;
}

/** What one tick does, in this order: first recoveries, then failures; a node may do both. */
export interface TickPlan {
  readonly recoveries: readonly string[];
  readonly failures: readonly { readonly node: string; readonly fault: string }[];
  /** Failures that the caps held back. */
  readonly heldBack: number;
}

/**
 * The seed program's rule: who is failed recovers with one chance, then who is up fails with the other.
 * Pure but for the dice.
 */
export function planTick(
  tick: number,
  nodes: readonly PlanNode[],
  dice: Dice,
  options: ChaosOptions,
): TickPlan {
  const recoveries: string[] = [];
  const drawn: { readonly node: string; readonly fault: string; readonly failure: number }[] = [];
  const tally = { cluster: nodes.length, clusterUp: 0, scope: 0, scopeDown: 0 };
  for (const node of nodes) {
    const roll = dice.roll(node.name, tick);
    const recovers = node.failedByRun && roll.recovery < options.recoveryProbability;
    if (recovers) recoveries.push(node.name);
    const up = (node.up || recovers) && !node.otherwiseDown;
    if (up) tally.clusterUp++;
    if (!node.inScope) continue;
    tally.scope++;
    if (!up) tally.scopeDown++;
    else if (roll.failure < options.failureProbability) drawn.push({ node: node.name, ...roll });
  }
  const room = roomFor(tally, options);
  if (drawn.length <= room) return { recoveries, failures: drawn.map(toFailure), heldBack: 0 };
  // The lowest draws go first, so that the caps favour no name.
  const first = drawn.toSorted((a, b) => a.failure - b.failure).slice(0, room);
  const chosen = new Set(first);
  return {
    recoveries,
    failures: drawn.filter((failure) => chosen.has(failure)).map(toFailure),
    heldBack: drawn.length - room,
  };
}

interface Tally {
  readonly cluster: number;
  readonly clusterUp: number;
  readonly scope: number;
  readonly scopeDown: number;
}

/** How many more nodes may go down. */
function roomFor(tally: Tally, { maxDown, minUp }: ChaosOptions): number {
  const mayGoDown =
    maxDown === undefined ? Number.POSITIVE_INFINITY : Math.floor(amount(maxDown, tally.scope));
  const mustStayUp = minUp === undefined ? 0 : Math.ceil(amount(minUp, tally.cluster));
  return Math.max(0, Math.min(mayGoDown - tally.scopeDown, tally.clusterUp - mustStayUp));
}

function amount(limit: Limit, whole: number): number {
  // Rounded to a millionth first: 0.07 * 100 is 7.000000000000001.
  return "count" in limit ? limit.count : Math.round((limit.percent / 100) * whole * 1e6) / 1e6;
}

function toFailure({ node, fault }: { readonly node: string; readonly fault: string }): {
  node: string;
  fault: string;
} {
  return { node, fault };
}
