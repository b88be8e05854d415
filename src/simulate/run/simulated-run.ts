import { clusterSettings, timingProfileOf } from "../../api/kinds/cluster-settings.ts";
import { nodes } from "../../api/kinds/node.ts";
import type { Condition } from "../../chaos/conditions/condition.ts";
import { ConditionWatch } from "../../chaos/conditions/condition-watch.ts";
import { parseCondition } from "../../chaos/conditions/parse-condition.ts";
import { EventStream } from "../../chaos/event-stream.ts";
import type { ChaosEvent, ChaosHappening } from "../../chaos/events.ts";
import { NO_CHAOS } from "../../chaos/no-chaos.ts";
import { ReportReader } from "../../chaos/report/make-report.ts";
import { Phase } from "../../clock/clock.ts";
import { processTurn, VirtualClock } from "../../clock/virtual.ts";
import { type ControlPlane, startControlPlane } from "../../cluster/control-plane.ts";
import { createRandom } from "../../lib/random.ts";
import { EventHash } from "../../recording/event-hash.ts";
import { MemoryStore } from "../../store/memory.ts";
import { settingsIn } from "../../store/settings.ts";
import type { Arrival, PreparedScenario } from "../prepared.ts";
import type { EventNotApplied, SimulationResult } from "../result.ts";
import { eventText } from "../scenario/check-events.ts";
import type { FixedEvent, StrategyChoice } from "../scenario/scenario.ts";
import { ArrivalFeed } from "./arrivals.ts";
import { arrivalsOf } from "./arrivals-of.ts";
import { Follower } from "./follower.ts";
import { Happenings } from "./happenings.ts";
import { makeResult } from "./make-result.ts";
import { NodesOnDemand } from "./nodes-on-demand.ts";
import { PodBook } from "./pod-book.ts";
import { medianPod } from "./pod-sizes.ts";
import { RUN_ID } from "./run-id.ts";
import { UsageBook } from "./usage-book.ts";

/** Watches that resume are no matter here; the less is kept, the less memory a million pods take. */
const HISTORY_LIMIT = 1_000;

/** Who wants to stop is heard after so many nodes. */
const NODES_PER_TURN = 2_048;

/** Who wants to see a run while it goes on. */
export interface Observe {
  /** Told every event of the run's log, as in run.jsonl. */
  readonly onEvent?: (event: ChaosEvent) => void;
}

/** One run of a scenario, from the first node to the last event. */
export class SimulatedRun {
  readonly #prepared: PreparedScenario;
  readonly #strategy: StrategyChoice;
  readonly #seed: string;
  readonly #clock = new VirtualClock();
  readonly #store = new MemoryStore({ historyLimit: HISTORY_LIMIT });
  readonly #pods = new PodBook();
  readonly #hash = new EventHash();
  readonly #stream: EventStream;
  readonly #onEvent: Observe["onEvent"];
  readonly #usage: UsageBook;
  #arrivals: readonly Arrival[];
  readonly #signal: Pick<AbortSignal, "aborted">;
  readonly #errors: unknown[] = [];
  readonly #leftOut: EventNotApplied[] = [];
  readonly #conditions: ConditionWatch;
  readonly #stops: readonly Condition[];
  #report: ReportReader | undefined;
  #plane: ControlPlane | undefined;
  #feed: ArrivalFeed | undefined;
  #happenings: Happenings | undefined;
  #onDemand: NodesOnDemand | undefined;
  #follower: Follower | undefined;

  private constructor(
    prepared: PreparedScenario,
    strategy: StrategyChoice,
    seed: string,
    arrivals: readonly Arrival[],
    { signal, onEvent }: Observe & { readonly signal: Pick<AbortSignal, "aborted"> },
  ) {
    this.#prepared = prepared;
    this.#strategy = strategy;
    this.#seed = seed;
    this.#onEvent = onEvent;
    this.#stream = new EventStream(
      this.#clock,
      (event) => this.#see(event),
      (event) => this.#foresee(event),
    );
    this.#stops = prepared.scenario.stop.flatMap((text) => {
      const parsed = parseCondition(text);
      return parsed.ok ? [parsed.condition] : [];
    });
    const context = { stream: this.#stream, clock: this.#clock };
    this.#conditions = new ConditionWatch(context, this.#stops, "abort", () => undefined);
    this.#arrivals = arrivals;
    this.#signal = signal;
    this.#usage = new UsageBook(this.#stream.ledger, medianPod(this.#arrivals));
  }

  /** A run whose cluster stands and whose nodes are ready, as far as it was not interrupted before. */
  static async start(
    prepared: PreparedScenario,
    strategy: StrategyChoice,
    seed: string,
    observe: Observe & { readonly signal: Pick<AbortSignal, "aborted"> },
  ): Promise<SimulatedRun> {
    const arrivals = await arrivalsOf(prepared, seed, observe.signal);
    const run = new SimulatedRun(prepared, strategy, seed, arrivals, observe);
    await run.#startCluster();
    return run;
  }

  /** Lets time pass until the run is over. @returns false when it was interrupted before */
  async perform(): Promise<boolean> {
    const signal = this.#signal;
    const { durationMs = Number.MAX_SAFE_INTEGER } = this.#prepared.scenario;
    this.#feed?.start();
    this.#happenings?.start();
    this.#sample();
    const isOver = () => this.#isQuiet() || this.#shouldStop();
    const stop = () => this.#errors.length > 0 || signal.aborted;
    await this.#clock.runUntil(never, 0, stop);
    await this.#clock.runUntil(isOver, durationMs, stop);
    if (this.#errors.length > 0) throw this.#errors[0];
    return !signal.aborted;
  }

  result(isWhole: boolean): SimulationResult {
    this.#usage.look(this.#stream.elapsedMs());
    this.#emit({ type: "run-ended", status: isWhole ? "completed" : "interrupted", healed: true });
    const { scenario } = this.#prepared;
    return makeResult({
      strategy: this.#strategy.name,
      seed: this.#seed,
      queue: scenario.queue,
      isWhole,
      simulatedMs: this.#clock.monotonicMs(),
      pods: this.#pods,
      usage: this.#usage,
      report: (this.#report as ReportReader).report(),
      hash: this.#hash,
      ledger: this.#stream.ledger,
      onDemand: scenario.nodes,
      notApplied: this.#leftOut,
    });
  }

  stop(): void {
    this.#follower?.stop();
    this.#feed?.stop();
    this.#happenings?.stop();
    this.#onDemand?.stop();
    this.#conditions.stop();
    this.#plane?.stop();
  }

  async #startCluster(): Promise<void> {
    const { scenario, nodes: nodeDrafts } = this.#prepared;
    const { name, source } = this.#strategy;
    const onError = (error: unknown) => void this.#errors.push(error);
    this.#plane = await startControlPlane({
      store: this.#store,
      clock: this.#clock,
      settings: {
        seed: this.#seed,
        strategy: name,
        timingProfile: scenario.timing,
        ...(source !== undefined && { customStrategy: { name, source } }),
      },
      discipline: scenario.queue,
      writesEvents: false,
      checksReferences: false,
      onError: (part, error) => onError(new Error(`${part}: ${messageOf(error)}`, { cause: error })),
    });
    const { objects } = this.#plane;
    const settings = await objects.get(clusterSettings, { name: settingsIn(this.#store).metadata.name });
    const timing = timingProfileOf(settings);
    this.#emit({
      type: "run-started",
      schemaVersion: 1,
      runId: RUN_ID,
      seed: this.#seed,
      options: NO_CHAOS,
      timing: { profile: timing.name, ...timing },
      strategy: name,
    });
    this.#emit({ type: "phase", phase: "chaos" });
    this.#follower = new Follower(this.#store, this.#stream, timing.reschedulesBarePods);
    for (const [index, draft] of nodeDrafts.entries()) {
      await objects.create(nodes, draft);
      if (index % NODES_PER_TURN === NODES_PER_TURN - 1) await processTurn();
      if (this.#signal.aborted) break;
    }
    await this.#clock.runUntil(never, 0, () => this.#signal.aborted);
    const context = { objects, clock: this.#clock, onError };
    this.#feed = new ArrivalFeed(this.#arrivals, { ...context, book: this.#pods });
    this.#arrivals = [];
    this.#onDemand = new NodesOnDemand(scenario, { ...context, ledger: this.#stream.ledger });
    this.#happenings = new Happenings(scenario, {
      ...context,
      random: createRandom(this.#seed).stream("faults"),
      ledger: this.#stream.ledger,
      faults: this.#follower.faults,
      notApplied: (event, reason) => this.#notApplied(event, reason),
    });
  }

  #notApplied(event: FixedEvent, reason: string): void {
    const text = eventText(event);
    this.#leftOut.push({ atSeconds: this.#stream.elapsedMs() / 1_000, event: text, reason });
    this.#emit({ type: "event-not-applied", event: text, reason });
  }

  #shouldStop(): boolean {
    if (this.#stops.length === 0) return false;
    const findings = this.#conditions.update();
    return findings.some(({ holds }) => holds);
  }

  /** Nothing is left that would change anything. */
  #isQuiet(): boolean {
    if (this.#prepared.scenario.durationMs !== undefined) return false;
    return this.#feed?.isDone === true && this.#pods.timedRunning === 0 && this.#happenings?.isDone === true;
  }

  #sample(): void {
    this.#usage.look(this.#stream.elapsedMs());
    this.#clock.after(this.#usage.everyMs, () => this.#sample(), Phase.settled);
  }

  /** The report reads events with the run's own ledger, which does not know this one yet. */
  #foresee(event: ChaosEvent): void {
    if (event.type === "run-started") this.#report = new ReportReader(event, this.#stream.ledger);
    this.#report?.before(event);
  }

  #see(event: ChaosEvent): void {
    this.#report?.after(event);
    this.#hash.add(event);
    this.#pods.see(event);
    this.#onDemand?.see(event);
    try {
      this.#onEvent?.(event);
    } catch (error) {
      // Whoever looks on is called in the middle of the cluster's work; the run ends with it.
      this.#errors.push(error);
    }
  }

  #emit(happening: ChaosHappening): void {
    this.#stream.emit(happening);
  }
}

function never(): boolean {
  return false;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
