import { type Expectation, expectationOf, type Moments, tickCount } from "../closed-form.ts";
import type { ChaosEvent } from "../events.ts";
import type { Ledger } from "../ledger.ts";
import type { ChaosOptions } from "../options.ts";
import type { Comparison, ExpectationReport, RunSummary } from "./report.ts";

/** Beyond so many standard errors a run is unusual, and beyond so many hardly chance. */
const UNUSUAL = 2;
const HARDLY_CHANCE = 3.5;

/** Counts what the dice did to the nodes in scope, for the comparison with what they are expected to do. */
export class SampleBook {
  #ticks = 0;
  #heldBack = 0;
  #outOfReach = 0;
  #writesFailed = 0;
  #failures = 0;
  #recoveries = 0;
  #runId = "";
  /** Nodes in scope, with the tick at which they joined. */
  readonly #joined = new Map<string, number>();
  /** Nodes left, or changed between in and out of scope, after chaos began. */
  #scopeChanged = false;

  /** Reads an event; `ledger` is as it was before it. */
  see(event: ChaosEvent, ledger: Ledger): void {
    switch (event.type) {
      case "run-started":
        this.#runId = event.runId;
        break;
      case "node-added":
        if (event.inScope) this.#joined.set(event.node, this.#ticks);
        break;
      case "node-changed":
        if (this.#ticks === 0 && event.inScope) this.#joined.set(event.node, 0);
        else if (this.#ticks === 0) this.#joined.delete(event.node);
        else if (this.#joined.has(event.node) !== event.inScope) this.#scopeChanged = true;
        break;
      case "node-removed":
        if (this.#ticks === 0) this.#joined.delete(event.node);
        else if (ledger.nodes.get(event.node)?.inScope) this.#scopeChanged = true;
        break;
      case "tick":
        this.#ticks++;
        this.#heldBack += event.heldBack;
        this.#outOfReach += event.outOfReach.length;
        break;
      case "write-failed":
        this.#writesFailed++;
        break;
      case "fault-injected":
        if (event.origin === this.#runId) this.#failures++;
        else if (ledger.nodes.get(event.node)?.inScope) this.#outOfReach++;
        break;
      case "node-healed":
        if (event.cause === "recovered") this.#recoveries++;
        break;
    }
  }

  /** @param scopeUp observed up node-time of the nodes in scope, of `scope` node-time */
  compare(
    run: Pick<RunSummary, "status" | "chaosMs" | "options">,
    observed: { readonly scope: number; readonly scopeUp: number },
  ): ExpectationReport {
    const whyNot = this.#whyNot(run);
    const plan = { ...run.options, durationMs: Math.max(0, Math.min(run.options.durationMs, run.chaosMs)) };
    const sums = sumOver([...this.#joined.values()], plan);
    const nodes = this.#joined.size;
    const perNode = (count: number) => (nodes === 0 ? null : count / nodes);
    const availability = observed.scope === 0 ? null : observed.scopeUp / observed.scope;
    const comparisons = {
      availability: comparison(sums.availability, availability),
      failuresPerNode: comparison(sums.failures, perNode(this.#failures)),
      recoveriesPerNode: comparison(sums.recoveries, perNode(this.#recoveries)),
    };
    const applies = whyNot === undefined && nodes > 0;
    const verdict = applies ? inWords(comparisons) : `not compared: ${whyNot ?? "no node was in scope"}`;
    if (applies) return { applies, ...comparisons, verdict };
    const withoutZ = (of: Comparison): Comparison => ({ ...of, z: null });
    return {
      applies,
      availability: withoutZ(comparisons.availability),
      failuresPerNode: withoutZ(comparisons.failuresPerNode),
      recoveriesPerNode: withoutZ(comparisons.recoveriesPerNode),
      verdict,
    };
  }

  #whyNot({ status, options }: Pick<RunSummary, "status" | "options">): string | undefined {
    if (status === "dry-run") return "nothing was done";
    if (this.#ticks === 0) return "chaos never began";
    if (options.maxDown !== undefined || options.minUp !== undefined) {
      const held = `${this.#heldBack} ${this.#heldBack === 1 ? "failure was" : "failures were"} held back`;
      return `--max-down and --min-up keep nodes up that the dice had chosen (${held})`;
    }
    if (status === "aborted") return "the run ended because of what had happened, so it is no fair sample";
    if (this.#outOfReach > 0) return "some nodes were down for other reasons";
    if (this.#scopeChanged) return "the nodes in scope changed meanwhile";
    if (this.#writesFailed > 0) return "some faults could not be written";
    return undefined;
  }
}

/** Expectation of all nodes together: they are independent, so means and variances add up. */
function sumOver(joined: readonly number[], plan: ChaosOptions): Expectation {
  const byTick = new Map<number, Expectation>();
  const sums = { availability: [0, 0], failures: [0, 0], recoveries: [0, 0] } as Record<
    keyof Expectation,
    [number, number]
  >;
  const ticks = tickCount(plan);
  let weightSum = 0;
  for (const firstTick of joined) {
    const expectation = byTick.get(firstTick) ?? expectationOf(plan, Math.min(firstTick, ticks));
    byTick.set(firstTick, expectation);
    // A node's share of all node-time; they differ when some joined late.
    const weight = Math.max(0, plan.durationMs - firstTick * plan.tickMs);
    weightSum += weight;
    for (const name of Object.keys(sums) as (keyof Expectation)[]) {
      const factor = name === "availability" ? weight : 1;
      sums[name][0] += factor * expectation[name].mean;
      sums[name][1] += factor ** 2 * expectation[name].variance;
    }
  }
  const scaled = ([mean, variance]: [number, number], by: number): Moments =>
    by === 0 ? { mean: 0, variance: 0 } : { mean: mean / by, variance: variance / by ** 2 };
  return {
    availability: scaled(sums.availability, weightSum),
    failures: scaled(sums.failures, joined.length),
    recoveries: scaled(sums.recoveries, joined.length),
  };
}

function comparison({ mean, variance }: Moments, observed: number | null): Comparison {
  if (observed === null) return { expected: mean, observed, z: null };
  const difference = observed - mean;
  if (variance === 0) return { expected: mean, observed, z: Math.abs(difference) < 1e-9 ? 0 : null };
  return { expected: mean, observed, z: difference / Math.sqrt(variance) };
}

function inWords(comparisons: Readonly<Record<string, Comparison>>): string {
  const zs = Object.values(comparisons).map(({ z }) => (z === null ? Number.POSITIVE_INFINITY : Math.abs(z)));
  const worst = Math.max(...zs);
  if (worst <= UNUSUAL) return "a fair sample";
  if (worst <= HARDLY_CHANCE) return "an unusual sample, but one that chance brings now and then";
  return "not what these probabilities give: something else was at work";
}
