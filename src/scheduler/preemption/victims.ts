import type { NodeEntry } from "../cache/node-entry.ts";
import type { Tenant } from "../cache/tenant.ts";
import type { Refusal } from "../filters/filter.ts";
import type { NodeCheck } from "../filters/node-checks.ts";
import { NO_VICTIMS } from "../messages.ts";
import type { Budgets } from "./budgets.ts";

/** Who would have to go from a node. */
export interface Candidate {
  readonly node: NodeEntry;
  /** The most important first; at least one. */
  readonly victims: readonly Tenant[];
  /** How many of them would break a disruption budget. */
  readonly violations: number;
}

const NOBODY: Refusal = { reasons: [NO_VICTIMS], unresolvable: true };

/**
 * The fewest pods of less priority that would have to leave a node (defaultpreemption, SelectVictimsOnNode): all leave,
 * then they come back as far as the pod still fits, those first whose going would break a budget, and among them the
 * most important ones.
 * @returns why the pod would not fit even then, when it would not
 */
export function selectVictims(
  priority: number,
  node: NodeEntry,
  tenants: Iterable<Tenant>,
  check: NodeCheck,
  budgets: Budgets,
): Candidate | Refusal {
  const lower = [...tenants].filter((tenant) => tenant.priority < priority);
  if (lower.length === 0) return NOBODY;
  const trial = node.copy();
  const gone = new Set(lower);
  for (const tenant of lower) trial.take(tenant.shape, -1, tenant.devices);
  const refused = check.refusal(trial, gone);
  if (refused !== undefined) return refused;
  const isSpared = (tenant: Tenant) => {
    trial.take(tenant.shape, 1, tenant.devices);
    gone.delete(tenant);
    if (check.refusal(trial, gone) === undefined) return true;
    trial.take(tenant.shape, -1, tenant.devices);
    gone.add(tenant);
    return false;
  };
  const { violating, others } = budgets.split(lower.sort(byImportance));
  const broken = violating.filter((tenant) => !isSpared(tenant));
  const victims = [...broken, ...others.filter((tenant) => !isSpared(tenant))].sort(byImportance);
  return { node, victims, violations: broken.length };
}

/** Higher priority first, then who runs longer; one that has not begun counts as beginning now. */
function byImportance(a: Tenant, b: Tenant): number {
  if (a.priority !== b.priority) return b.priority - a.priority;
  const [startA, startB] = [startOf(a), startOf(b)];
  if (startA !== startB) return startA < startB ? -1 : 1;
  return a.uid < b.uid ? -1 : 1;
}

function startOf({ startedAtMs = Number.POSITIVE_INFINITY }: Tenant): number {
  return startedAtMs;
}

/** What speaks against a candidate, the weightiest first: the smaller the better. */
const OBJECTIONS: readonly ((candidate: Candidate) => number)[] = [
  ({ violations }) => violations,
  ({ victims }) => (victims[0] as Tenant).priority,
  // All priorities are made positive, so that a few pods of negative priority are not worse than many.
  ({ victims }) => victims.reduce((sum, { priority }) => sum + priority + 2 ** 31, 0),
  ({ victims }) => victims.length,
  // Of the victims with the highest priority, the one that runs longest should not run long.
  ({ victims }) => -startOf(victims[0] as Tenant),
];

/** The candidate that hurts least (preemption.go, pickOneNodeForPreemption); the first of equals. */
export function leastHarm(candidates: readonly Candidate[]): Candidate | undefined {
  let best = candidates;
  for (const objection of OBJECTIONS) {
    if (best.length <= 1) break;
    const least = best.reduce(
      (so, candidate) => Math.min(so, objection(candidate)),
      Number.POSITIVE_INFINITY,
    );
    best = best.filter((candidate) => objection(candidate) === least);
  }
  return best[0];
}
