import type { Clock } from "../clock/clock.ts";
import { byCodeUnits } from "../lib/order.ts";
import { ConditionWatch, type Finding } from "./conditions/condition-watch.ts";
import type { ChaosContext, ChaosOutcome } from "./context.ts";
import { describeRun, nodesToHurt, type RunIdentity } from "./describe-run.ts";
import { Dice } from "./dice.ts";
import { EventStream } from "./event-stream.ts";
import type { ChaosHappening, RunPhase, RunStatus } from "./events.ts";
import { healLeftovers, healRun } from "./heal.ts";
import { Injector } from "./injector.ts";
import { ClusterObserver } from "./observe-cluster.ts";
import { FaultObserver } from "./observe-faults.ts";
import type { ChaosOptions, CheckMode } from "./options.ts";
import { type PlanNode, planTick } from "./plan-tick.ts";
import { RunLease } from "./run-lease.ts";
import { scopeOf } from "./scope.ts";

/** How a run ends, and why. */
interface Ending {
  readonly status: RunStatus;
  readonly reason?: string;
}

const START_MODES: readonly CheckMode[] = ["sot", "edge", "continuous"];
const TICK_MODES: readonly CheckMode[] = ["onchaos", "continuous"];
const END_MODES: readonly CheckMode[] = ["eot", "edge", "continuous"];
/** How often it looks whether the cluster has come back after the healing. */
const SETTLE_LOOK_MS = 250;

/** One chaos run from its lease to its last event. Performed once. */
export class Run {
  readonly #context: ChaosContext;
  readonly #options: ChaosOptions;
  readonly #identity: RunIdentity;
  readonly #clock: Clock;
  readonly #stream: EventStream;
  readonly #faults: FaultObserver;
  readonly #injector: Injector;
  readonly #steady: ConditionWatch;
  readonly #abort: ConditionWatch;
  readonly #dice: Dice;
  /** Aborted with an Ending. */
  readonly #stopping = new AbortController();
  #phase: RunPhase | undefined;
  #deviated = false;

  constructor(context: ChaosContext, options: ChaosOptions, identity: RunIdentity) {
    const { objects, clock } = context;
    this.#context = context;
    this.#options = options;
    this.#identity = identity;
    this.#clock = clock;
    this.#stream = new EventStream(clock, context.onEvent);
    const stream = this.#stream;
    this.#faults = new FaultObserver((happening) => this.#tellFault(happening));
    this.#injector = new Injector({ objects, stream, faults: this.#faults, runId: identity.runId });
    this.#steady = new ConditionWatch({ stream, clock }, options.steady, "steady", (finding) =>
      this.#steadyChanged(finding),
    );
    this.#abort = new ConditionWatch({ stream, clock }, options.abort, "abort", (finding) =>
      this.#abortChanged(finding),
    );
    this.#dice = new Dice(identity.seed, options.faults);
  }

  async perform(): Promise<ChaosOutcome> {
    const { objects, signal } = this.#context;
    await nodesToHurt(objects, this.#options);
    const started = await describeRun(objects, this.#options, this.#identity);
    const { runId } = this.#identity;
    const onLost = (reason: string) => this.#stop({ status: "failed", reason });
    const lease = await RunLease.acquire({ objects, clock: this.#clock, runId, onLost });
    const onSignal = () => this.#stop({ status: "interrupted" });
    if (signal.aborted) onSignal();
    signal.addEventListener("abort", onSignal, { once: true });
    this.#stream.emit(started);
    const observer = this.#observe(started.timing?.reschedulesBarePods ?? true);
    try {
      const ending = await this.#toTheEnd(observer);
      return { ...this.#identity, ...ending, deviated: this.#deviated };
    } finally {
      this.#steady.stop();
      this.#abort.stop();
      observer.stop();
      signal.removeEventListener("abort", onSignal);
      await lease.release();
    }
  }

  /** Chaos, healing, settling, and the last event. */
  async #toTheEnd(observer: ClusterObserver): Promise<Ending & { readonly healed: boolean }> {
    let ending = await this.#untilHealing(observer);
    const healed = await this.#heal();
    if (!healed) ending = { status: "failed", reason: "its faults could not be removed" };
    if (ending.status === "completed" || ending.status === "aborted") ending = await this.#settle(ending);
    this.#stream.emit({ type: "run-ended", ...ending, healed });
    return { ...ending, healed };
  }

  #observe(reschedules: boolean): ClusterObserver {
    return new ClusterObserver({
      objects: this.#context.objects,
      clock: this.#clock,
      stream: this.#stream,
      faults: this.#faults,
      scope: scopeOf(this.#options),
      reschedules,
      settled: () => this.#look(),
    });
  }

  /** Everything before the final healing. Never fails: errors are endings too. */
  async #untilHealing(observer: ClusterObserver): Promise<Ending> {
    const { signal } = this.#stopping;
    try {
      await observer.start();
      const faults = await healLeftovers(this.#context.objects, this.#identity.runId);
      if (faults > 0) this.#stream.emit({ type: "leftovers-healed", faults });
      this.#enter("waiting");
      const refusal = this.#checkStart();
      if (refusal !== undefined) return refusal;
      await this.#clock.sleep(this.#options.startAfterMs, signal);
      this.#enter("chaos");
      await this.#tickOn(signal);
      return { status: "completed" };
    } catch (error) {
      if (signal.aborted) return signal.reason as Ending;
      return { status: "failed", reason: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Ticks at whole periods from the first one, however long a tick's work takes. */
  async #tickOn(signal: AbortSignal): Promise<void> {
    const { durationMs, tickMs } = this.#options;
    const startMs = this.#clock.monotonicMs();
    for (let tick = 0; tick * tickMs < durationMs; tick++) {
      if (tick > 0) {
        await this.#sleepUntil(startMs + tick * tickMs, signal);
        if (TICK_MODES.includes(this.#options.checkMode)) this.#check("tick");
      }
      signal.throwIfAborted();
      await this.#tick(tick);
    }
    await this.#sleepUntil(startMs + durationMs, signal);
    if (TICK_MODES.includes(this.#options.checkMode)) this.#check("tick");
    signal.throwIfAborted();
  }

  async #tick(tick: number): Promise<void> {
    const nodes = this.#planNodes();
    const plan = planTick(tick, nodes, this.#dice, this.#options);
    const inScope = nodes.filter((node) => node.inScope);
    this.#stream.emit({
      type: "tick",
      tick,
      candidates: inScope.length,
      outOfReach: inScope.filter((node) => node.otherwiseDown).map(({ name }) => name),
      recoveries: plan.recoveries.length,
      failures: plan.failures.length,
      heldBack: plan.heldBack,
    });
    await this.#injector.carryOut(plan);
    this.#look();
  }

  /** By name, so that the order of events does not depend on the order of arrival. */
  #planNodes(): readonly PlanNode[] {
    const { nodes } = this.#stream.ledger;
    const gone = [...this.#injector.failedNodes()].filter((name) => !nodes.has(name));
    const names = [...nodes.keys(), ...gone].sort(byCodeUnits);
    return names.map((name) => {
      const node = nodes.get(name);
      const own = this.#injector.faultOn(name);
      const failedByRun = own !== undefined;
      if (node === undefined) return { name, inScope: false, up: false, failedByRun, otherwiseDown: true };
      const others = node.faults.size - (own !== undefined && node.faults.has(own) ? 1 : 0);
      const unwell = node.ready === false && node.faults.size === 0 && !node.touched;
      const up = node.faults.size === 0;
      return { name, inScope: node.inScope, up, failedByRun, otherwiseDown: others > 0 || unwell };
    });
  }

  async #heal(): Promise<boolean> {
    this.#enter("healing");
    const { objects } = this.#context;
    return healRun(objects, this.#clock, this.#identity.runId, {
      removing: ({ metadata }) => this.#faults.healing(metadata.name, "run-end"),
      removed: ({ metadata }) => this.#faults.healed(metadata.name),
    });
  }

  /** Waits a bounded time until nodes and pods are back, and does the last checks. */
  async #settle(ending: Ending): Promise<Ending> {
    const { signal } = this.#context;
    const checksEnd = END_MODES.includes(this.#options.checkMode);
    this.#enter("settling");
    const untilMs = this.#clock.monotonicMs() + this.#options.settleMs;
    while (!this.#isSettled(checksEnd)) {
      const restMs = untilMs - this.#clock.monotonicMs();
      if (restMs <= 0 || signal.aborted) break;
      await this.#clock.sleep(Math.min(restMs, SETTLE_LOOK_MS), signal).catch(() => undefined);
    }
    if (signal.aborted) return { status: "interrupted" };
    if (checksEnd) this.#check("end");
    return ending;
  }

  #isSettled(checksEnd: boolean): boolean {
    const { nodes, counts, recovering } = this.#stream.ledger;
    if (recovering.size > 0 || counts.alive < counts.running) return false;
    for (const node of nodes.values()) {
      if (node.touched && node.ready === false) return false;
    }
    return !checksEnd || this.#steady.update().every(({ holds }) => holds);
  }

  /** What must hold before anything is hurt. */
  #checkStart(): Ending | undefined {
    const steady = START_MODES.includes(this.#options.checkMode)
      ? this.#check("start")
      : this.#steady.update();
    const broken = START_MODES.includes(this.#options.checkMode) && steady.find(({ holds }) => !holds);
    if (broken) {
      const reason = `${broken.condition.text} did not hold before chaos began`;
      return { status: "refused", reason };
    }
    const abort = this.#abort.update().find(({ holds }) => holds);
    return abort && { status: "aborted", reason: abort.condition.text };
  }

  #check(moment: "start" | "tick" | "end"): readonly Finding[] {
    const findings = this.#steady.update();
    for (const { condition, holds, value } of findings) {
      this.#stream.emit({ type: "check", condition: condition.text, moment, holds, value });
      if (!holds) this.#deviated = true;
    }
    return findings;
  }

  /** Looks at the conditions after something changed. */
  #look(): void {
    if (this.#phase === undefined) return;
    this.#steady.update();
    if (this.#phase === "waiting" || this.#phase === "chaos") this.#abort.update();
  }

  #steadyChanged({ condition, holds, value }: Finding): void {
    const { checkMode } = this.#options;
    const counts = checkMode === "continuous" || (checkMode === "onchaos" && this.#phase === "chaos");
    if (!counts) return;
    this.#stream.emit({ type: "condition-changed", role: "steady", condition: condition.text, holds, value });
    if (!holds) this.#deviated = true;
  }

  #abortChanged({ condition, holds, value }: Finding): void {
    if (this.#phase !== "waiting" && this.#phase !== "chaos") return;
    this.#stream.emit({ type: "condition-changed", role: "abort", condition: condition.text, holds, value });
    if (holds) this.#stop({ status: "aborted", reason: condition.text });
  }

  /** The injector must know of the run's own faults before anybody is told. */
  #tellFault(happening: ChaosHappening): void {
    if (happening.type === "fault-injected" && happening.origin === this.#identity.runId) {
      this.#injector.injected(happening.id, happening.node);
    }
    if (happening.type === "node-healed") this.#injector.healed(happening.id, happening.node);
    this.#stream.emit(happening);
  }

  #enter(phase: RunPhase): void {
    this.#phase = phase;
    this.#stream.emit({ type: "phase", phase });
  }

  #stop(ending: Ending): void {
    this.#stopping.abort(ending);
  }

  #sleepUntil(monotonicMs: number, signal: AbortSignal): Promise<void> {
    return this.#clock.sleep(Math.max(0, monotonicMs - this.#clock.monotonicMs()), signal);
  }
}
