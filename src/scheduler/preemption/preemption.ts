import type { Random } from "../../lib/random.ts";
import type { ClusterState } from "../cache/cluster-state.ts";
import type { NodeEntry } from "../cache/node-entry.ts";
import type { NodeCheck, NodeChecks } from "../filters/node-checks.ts";
import { fitError, NEVER, NO_VICTIMS, NOT_HELPFUL, type ReasonCount, TERMINATING } from "../messages.ts";
import type { PodInfo } from "../pod-info.ts";
import type { Budgets } from "./budgets.ts";
import type { Evictions } from "./evictions.ts";
import { TenantsByNode } from "./tenants-by-node.ts";
import { type Candidate, leastHarm, selectVictims } from "./victims.ts";

/** So many candidates are enough to choose among: a tenth of the nodes, and no fewer than this. */
const CANDIDATES = 100;
const CANDIDATE_SHARE = 0.1;

/**
 * Finds out which pods of less priority have to go so that a pod fits (kube-scheduler, framework/preemption and
 * plugins/defaultpreemption). Costs nothing while there is nobody of less priority.
 */
export class Preemption {
  readonly #state: ClusterState;
  readonly #checks: NodeChecks;
  readonly #budgets: Budgets;
  readonly #evictions: Evictions;
  readonly #random: Random;
  #tenants: TenantsByNode | undefined;

  constructor(parts: {
    readonly state: ClusterState;
    readonly checks: NodeChecks;
    readonly budgets: Budgets;
    readonly evictions: Evictions;
    readonly random: Random;
  }) {
    this.#state = parts.state;
    this.#checks = parts.checks;
    this.#budgets = parts.budgets;
    this.#evictions = parts.evictions;
    this.#random = parts.random;
  }

  /** Who should go for a pod that fits nowhere; undefined when that would not help, or must not be. */
  candidateFor(pod: PodInfo): Candidate | undefined {
    if (!this.#state.priorities.hasBelow(pod.priority)) return undefined;
    const check = this.#checks.of(pod);
    if (this.#objectionTo(pod, check) !== undefined) return undefined;
    const potential: NodeEntry[] = [];
    for (const node of this.#state.nodes) {
      if (node !== undefined && check.refusal(node)?.unresolvable === false) potential.push(node);
    }
    return potential.length === 0 ? undefined : leastHarm(this.#dryRun(pod, potential, check));
  }

  /** What is to be said of preemption to a pod that fits nowhere and for which nobody can be sent away. */
  opinion(pod: PodInfo): string {
    const check = this.#checks.of(pod);
    const objection = this.#objectionTo(pod, check);
    if (objection !== undefined) return objection;
    const { nodesTotal } = this.#state;
    const counted = this.#state.priorities.hasBelow(pod.priority) ? undefined : check.counted();
    if (counted !== undefined) {
      const { unresolvable } = counted;
      return fitError(nodesTotal, [
        { reason: NOT_HELPFUL, nodes: unresolvable },
        { reason: NO_VICTIMS, nodes: nodesTotal - unresolvable },
      ]);
    }
    const counts = new Map<string, number>();
    for (const node of this.#state.nodes) {
      if (node === undefined) continue;
      for (const reason of this.#reasons(pod, node, check)) counts.set(reason, (counts.get(reason) ?? 0) + 1);
    }
    const reasons = [...counts].map(([reason, nodes]): ReasonCount => ({ reason, nodes }));
    return fitError(nodesTotal, reasons);
  }

  /** True while pods go that were sent away for this one. */
  isWaitingFor(pod: PodInfo): boolean {
    return this.#objectionTo(pod, this.#checks.of(pod)) === TERMINATING;
  }

  /** Why a pod must not push out others (PodEligibleToPreemptOthers); undefined when it may. */
  #objectionTo(pod: PodInfo, check: NodeCheck): string | undefined {
    if (!pod.mayPreempt) return NEVER;
    const node = pod.nominatedNode === undefined ? undefined : this.#state.node(pod.nominatedNode);
    if (node === undefined || check.refusal(node)?.unresolvable === true) return undefined;
    for (const tenant of this.#on(node)) {
      if (tenant.priority < pod.priority && this.#evictions.isGoing(tenant)) return TERMINATING;
    }
    return undefined;
  }

  #dryRun(pod: PodInfo, potential: readonly NodeEntry[], check: NodeCheck): Candidate[] {
    const enough = Math.max(CANDIDATES, Math.floor(potential.length * CANDIDATE_SHARE));
    const offset = this.#random.below(potential.length);
    const found: Candidate[] = [];
    let isHarmless = false;
    for (let at = 0; at < potential.length && !(isHarmless && found.length >= enough); at++) {
      const node = potential[(offset + at) % potential.length] as NodeEntry;
      const candidate = selectVictims(pod.priority, node, this.#on(node), check, this.#budgets);
      if ("reasons" in candidate) continue;
      found.push(candidate);
      isHarmless ||= candidate.violations === 0;
    }
    return found;
  }

  #reasons(pod: PodInfo, node: NodeEntry, check: NodeCheck): readonly string[] {
    const refused = check.refusal(node);
    if (refused === undefined || refused.unresolvable) return [NOT_HELPFUL];
    if (!this.#state.priorities.hasBelow(pod.priority)) return [NO_VICTIMS];
    const verdict = selectVictims(pod.priority, node, this.#on(node), check, this.#budgets);
    return "reasons" in verdict ? verdict.reasons : [];
  }

  #on(node: NodeEntry) {
    if (this.#tenants === undefined) {
      this.#tenants = new TenantsByNode();
      this.#state.observe(this.#tenants);
    }
    return this.#tenants.on(node);
  }
}
