import type { ChaosEvent } from "../events.ts";
import { Ledger } from "../ledger.ts";
import { CheckBook, resilienceScoreOf } from "./check-book.ts";
import { distributionOf } from "./distribution.ts";
import { SampleBook } from "./expectation.ts";
import { FaultBook } from "./fault-book.ts";
import { Integrals } from "./integrals.ts";
import { invariantsOf } from "./invariants.ts";
import { PodBook } from "./pod-book.ts";
import type { Availability, ChaosReport, FaultTotals, NodeRecovery, RunSummary, Verdict } from "./report.ts";
import { TimelineBook } from "./timeline-book.ts";

type RunStarted = Extract<ChaosEvent, { type: "run-started" }>;

/**
 * Computes the report from a run's events, whether they come from memory or from run.jsonl. Also of a run that was
 * killed: its events just end. Throws when they do not begin with `run-started`.
 */
export function makeReport(events: readonly ChaosEvent[]): ChaosReport {
  const started = events[0];
  if (started?.type !== "run-started") throw new Error('the events do not begin with "run-started"');
  const reader = new ReportReader(started);
  for (const event of events) reader.see(event);
  return reader.report();
}

/** Reads the events once, in order, into one book per part of the report; also while they come. */
export class ReportReader {
  readonly #started: RunStarted;
  readonly #ledger: Ledger;
  readonly #faults = new FaultBook();
  readonly #pods = new PodBook(this.#faults);
  readonly #checks: CheckBook;
  readonly #sample = new SampleBook();
  readonly #timeline = new TimelineBook();
  /** Over the whole run. */
  readonly #whole = new Integrals(0);
  /** From the first tick to the healing. */
  #chaos: Integrals | undefined;
  #chaosStartMs: number | undefined;
  #chaosEndMs: number | undefined;
  #ticks = 0;
  #heldBack = 0;
  #strategies: readonly string[];
  #last: ChaosEvent;

  /** @param ledger one that somebody else keeps, who calls `before` and `after` around what it does to it */
  constructor(started: RunStarted, ledger = new Ledger()) {
    this.#started = started;
    this.#ledger = ledger;
    this.#last = started;
    this.#checks = new CheckBook(started.options.steady);
    this.#strategies = started.strategy === undefined ? [] : [started.strategy];
  }

  /** The report of all events that have been seen; none may follow. */
  report(): ChaosReport {
    const last = this.#last;
    this.#chaosEndMs ??= last.t;
    this.#pods.end(last.t);
    return this.#report(last);
  }

  /** Reads the next event, `run-started` first. */
  see(event: ChaosEvent): void {
    this.before(event);
    this.#ledger.apply(event);
    this.after(event);
  }

  /** Reads an event that the ledger does not know of yet. */
  before(event: ChaosEvent): void {
    this.#last = event;
    const ledger = this.#ledger;
    this.#whole.advance(event.t, ledger.counts);
    if (this.#chaosEndMs === undefined) this.#chaos?.advance(event.t, ledger.counts);
    if (event.type === "phase") this.#enter(event);
    if (event.type === "strategy-changed") this.#strategies = [...this.#strategies, event.strategy];
    if (event.type === "tick") {
      this.#ticks++;
      this.#heldBack += event.heldBack;
    }
    this.#faults.see(event, ledger);
    this.#pods.see(event, ledger);
    this.#checks.see(event);
    this.#sample.see(event, ledger);
  }

  /** Reads an event that the ledger has just taken in. */
  after(event: ChaosEvent): void {
    this.#timeline.see(event, this.#ledger);
  }

  #enter({ phase, t }: Extract<ChaosEvent, { type: "phase" }>): void {
    if (phase === "chaos") {
      this.#chaosStartMs = t;
      this.#chaos = new Integrals(t);
    } else if (phase === "healing" && this.#chaosStartMs !== undefined) {
      this.#chaosEndMs = t;
    }
  }

  #report(last: ChaosEvent): ChaosReport {
    const run = this.#summary(last);
    const checks = this.#checks.results(last.t);
    // A run that was cut off did not look long enough to call a pod lost.
    const sawTheEnd = run.status === "completed" || run.status === "aborted";
    const lostPods = sawTheEnd ? this.#pods.lost(this.#ledger) : 0;
    const invariants = invariantsOf(this.#whole.totals, lostPods);
    const totals = this.#chaos?.totals;
    return {
      schemaVersion: 1,
      run,
      verdict: verdictOf(
        run,
        invariants.every(({ holds }) => holds),
        checks.every(({ held }) => held),
      ),
      faults: this.#faultTotals(),
      detection: distributionOf(
        this.#records().flatMap(({ detectedMs, injectedMs }) =>
          detectedMs === null ? [] : [detectedMs - injectedMs],
        ),
      ),
      serviceRecovery: {
        recovered: distributionOf(this.#pods.serviceRecoveriesMs),
        never: this.#pods.neverBack(),
      },
      nodeRecovery: this.#nodeRecovery(),
      availability: availabilityOf(totals),
      pods: this.#podTotals(),
      falsePositives: this.#faults.falsePositives,
      invariants,
      checks,
      resilienceScore: resilienceScoreOf(checks),
      expectation: this.#sample.compare(run, { scope: totals?.scope ?? 0, scopeUp: totals?.scopeUp ?? 0 }),
      faultRecords: this.#records(),
      timeline: this.#timeline.timeline(last.t),
    };
  }

  #records() {
    return this.#faults.records();
  }

  #summary(last: ChaosEvent): RunSummary {
    const { runId, seed, options, timing, at } = this.#started;
    const ended = last.type === "run-ended" ? last : undefined;
    return {
      runId,
      seed,
      status: ended?.status ?? "unfinished",
      ...(ended?.reason !== undefined && { reason: ended.reason }),
      startedAt: at,
      endedAt: last.at,
      durationMs: last.t,
      chaosMs: this.#chaosStartMs === undefined ? 0 : (this.#chaosEndMs ?? last.t) - this.#chaosStartMs,
      ticks: this.#ticks,
      healed: ended?.healed ?? false,
      timing: timing ?? null,
      strategies: this.#strategies,
      options,
    };
  }

  #faultTotals(): FaultTotals {
    const records = this.#records();
    const { runId } = this.#started;
    const count = (test: (record: (typeof records)[number]) => boolean) => records.filter(test).length;
    const byKind: Record<string, number> = Object.create(null);
    for (const { fault } of records) byKind[fault] = (byKind[fault] ?? 0) + 1;
    return {
      injected: count(({ origin }) => origin === runId),
      byKind,
      foreign: count(({ origin }) => origin !== runId),
      recovered: count(({ healedBy }) => healedBy === "recovered"),
      healedAtEnd: count(({ healedBy }) => healedBy === "run-end"),
      healedElsewhere: count(({ healedBy }) => healedBy === "elsewhere"),
      detected: count(({ detectedMs }) => detectedMs !== null),
      undetected: count(
        ({ detectedMs, whileNotReady, healedMs }) =>
          detectedMs === null && !whileNotReady && healedMs !== null,
      ),
      whileNotReady: count(({ whileNotReady }) => whileNotReady),
      heldBack: this.#heldBack,
    };
  }

  #nodeRecovery(): NodeRecovery {
    const records = this.#records();
    const recoveriesMs = records.flatMap(({ readyMs, injectedMs }) =>
      readyMs === null ? [] : [readyMs - injectedMs],
    );
    const upMs = this.#chaos?.totals.up ?? 0;
    return {
      recovered: distributionOf(recoveriesMs),
      never: records.length - recoveriesMs.length,
      meanTimeBetweenFailuresMs: records.length === 0 ? null : upMs / records.length,
    };
  }

  #podTotals(): ChaosReport["pods"] {
    const { evictions, reschedules, restarts, moves, unschedulableMs, longestUnschedulableMs } = this.#pods;
    let mostMoved: string | undefined;
    for (const [pod, count] of moves) {
      if (count > (moves.get(mostMoved ?? "") ?? 0)) mostMoved = pod;
    }
    const maxMoves = moves.get(mostMoved ?? "") ?? 0;
    const totals = { evictions, reschedules, restarts, maxMoves, unschedulableMs, longestUnschedulableMs };
    return mostMoved === undefined ? totals : { ...totals, mostMoved };
  }
}

function availabilityOf(totals: Integrals["totals"] | undefined): Availability {
  const share = (part: number | undefined, whole: number | undefined) =>
    part === undefined || !whole ? null : part / whole;
  const nodes = share(totals?.up, totals?.nodes);
  // Without agents nobody reports Ready: there is nothing to observe.
  const nodesObserved = totals?.ready === 0 && nodes !== 0 ? null : share(totals?.ready, totals?.nodes);
  return {
    nodes,
    nodesObserved,
    gap: nodes === null || nodesObserved === null ? null : nodesObserved - nodes,
    pods: share(totals?.alive, totals?.desired),
    podsObserved: share(totals?.running, totals?.desired),
    capacity: share(totals?.cpuMilliUp, totals?.cpuMilli),
  };
}

function verdictOf(run: RunSummary, invariantsHold: boolean, checksHeld: boolean): Verdict {
  if (!invariantsHold) return "invariant-violated";
  if (run.status === "failed" || run.status === "unfinished") return "failed";
  if (run.status === "interrupted" || run.status === "aborted" || run.status === "dry-run") return run.status;
  return checksHeld && run.status !== "refused" ? "held" : "deviated";
}
