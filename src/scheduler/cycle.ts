import { isReason } from "../api/errors.ts";
import type { EventRecorder } from "../api/event-recorder.ts";
import type { Objects } from "../api/objects.ts";
import { type Clock, Phase, type Timer } from "../clock/clock.ts";
import type { Random } from "../lib/random.ts";
import { Binder } from "./binder.ts";
import { ClusterState } from "./cache/cluster-state.ts";
import { ClusterWatch } from "./cluster-watch.ts";
import { DecisionLog, type PlacedRecord } from "./decision-log.ts";
import { type Placement, Placer } from "./placement/placer.ts";
import { UNSCORED } from "./placement/scan.ts";
import { type PodInfo, PodInfos } from "./pod-info.ts";
import { failuresOf, type QueuedPod } from "./queue/pod-class.ts";
import { SchedulingQueue } from "./queue/scheduling-queue.ts";
import { Refusals } from "./refusals.ts";
import { Reporter } from "./reporter.ts";
import type { Strategy } from "./strategy.ts";
import type { StrategyInForce } from "./strategy-in-force.ts";

/** Work of one pass: pods tried, where so many nodes that are compared or asked why count as one more. */
const WORK_PER_PASS = 256;
const NODES_PER_WORK = 100;

/** Pods without room are looked through this often for those that have waited too long. */
const FLUSH_MS = 30_000;

interface CycleParts {
  readonly objects: Objects;
  readonly clock: Clock;
  readonly random: Random;
  readonly onError: (error: unknown) => void;
  readonly events: EventRecorder;
  readonly strategy: StrategyInForce;
}

/**
 * The scheduling cycle: once an instant has settled, one pass goes through the active queue and places all that fit.
 * Placed pods take their room at once; they are bound while the next ones are placed.
 */
export class Cycle {
  readonly decisions: DecisionLog;
  readonly watch: ClusterWatch;
  readonly #clock: Clock;
  readonly #strategy: StrategyInForce;
  readonly #state = new ClusterState();
  readonly #queue = new SchedulingQueue();
  readonly #placer: Placer;
  readonly #binder: Binder;
  readonly #reporter: Reporter;
  readonly #refusals: Refusals;
  readonly #onError: (error: unknown) => void;
  #isRunning = false;
  #passDue: Timer | undefined;
  #flushDue: { readonly atMs: number; readonly timer: Timer } | undefined;
  /** What the strategy failed with on the pod that is being tried: reported once, not once per node. */
  #scoringFault: Error | undefined;

  constructor({ objects, clock, random, onError, events, strategy }: CycleParts) {
    this.#clock = clock;
    this.#strategy = strategy;
    this.#onError = onError;
    this.#placer = new Placer(this.#state, random.stream("placements"), (error) => {
      this.#scoringFault ??= error instanceof Error ? error : new Error(String(error));
    });
    this.#binder = new Binder(objects);
    this.#reporter = new Reporter({ objects, clock, events, onError });
    this.decisions = new DecisionLog((pod) => this.#refusals.diagnosisOf(pod.podClass));
    this.#refusals = new Refusals(this.#state, clock, this.#reporter, this.decisions);
    this.watch = new ClusterWatch({
      state: this.#state,
      queue: this.#queue,
      infos: new PodInfos(),
      reporter: this.#reporter,
      somethingToDo: () => this.#requestPass(),
    });
  }

  start(): void {
    this.#isRunning = true;
    this.#requestPass();
  }

  stop(): void {
    this.#isRunning = false;
    this.#passDue?.cancel();
    this.#flushDue?.timer.cancel();
    this.#refusals.stop();
  }

  #requestPass(): void {
    if (!this.#isRunning) return;
    this.#passDue ??= this.#clock.after(0, () => this.#pass(), Phase.scheduling);
  }

  #pass(): void {
    this.#passDue = undefined;
    this.#queue.flush(this.#clock.monotonicMs());
    this.watch.wake();
    for (let work = 0; work < WORK_PER_PASS && !this.#binder.isBusy; ) {
      const pod = this.#queue.pop();
      if (pod === undefined) break;
      work += 1 + this.#try(pod) / NODES_PER_WORK;
    }
    // When bindings hold it up, the next one to come back goes on.
    if (this.#queue.hasActive && !this.#binder.isBusy) this.#requestPass();
    this.#armFlush();
  }

  /** Places a pod or puts its class aside. @returns how many nodes were looked at one by one */
  #try(pod: QueuedPod): number {
    const strategy = this.#strategy.current;
    this.#scoringFault = undefined;
    try {
      const placement = this.#placer.place(pod.info, strategy);
      if (placement === undefined) return this.#park(pod, strategy);
      this.#place(pod, placement, strategy);
      return placement.feasible ?? 0;
    } catch (error) {
      // A fault of the scheduler's own must not end the server; this class is tried again in some minutes.
      this.#onError(error);
      this.#queue.park(pod.podClass, this.#clock.monotonicMs());
      return 0;
    }
  }

  #place(pod: QueuedPod, placement: Placement, strategy: Strategy): void {
    const { info, podClass } = pod;
    const { node } = placement;
    const attempts = failuresOf(pod) + 1;
    this.decisions.placed(info, this.#record(info, placement, strategy, attempts));
    if (this.#scoringFault !== undefined) this.#scoringFailed(info, strategy.name, this.#scoringFault);
    this.#state.assume(info.uid, info.shape, node);
    this.#queue.remove(info.uid);
    this.#queue.next(podClass);
    this.watch.bindingStarted(info);
    void this.#bind(info, node.name, attempts, pod.bindFailures);
  }

  #park({ podClass }: QueuedPod, strategy: Strategy): number {
    this.#queue.park(podClass, this.#clock.monotonicMs());
    return this.#refusals.refused(podClass, strategy.name) ? this.#state.nodesTotal : 0;
  }

  async #bind(info: PodInfo, nodeName: string, attempts: number, bindFailures: number): Promise<void> {
    const failed = await this.#binder.bind(info, nodeName);
    if (!this.#isRunning) return;
    if (failed === undefined) {
      this.#reporter.scheduled(info.pod, nodeName);
    } else {
      const now = this.watch.bindingFailed(info.uid);
      if (now !== undefined) {
        this.#queue.backOff(now, attempts, bindFailures + 1, this.#clock.monotonicMs());
        this.#armFlush();
        // A pod that has changed or is gone needs no words: the watch is about to tell.
        const isStale = isReason(failed.error, "Conflict") || isReason(failed.error, "NotFound");
        if (!isStale) this.#reporter.bindingFailed(now.pod, failed.error);
      }
    }
    if (this.#queue.hasActive) this.#requestPass();
  }

  #record(info: PodInfo, placement: Placement, strategy: Strategy, attempts: number): PlacedRecord {
    const { node, feasible } = placement;
    const top = placement.top ?? [placement];
    return {
      uid: info.uid,
      requests: info.requests,
      atMs: this.#clock.now(),
      strategy: strategy.name,
      attempts,
      nodeName: node.name,
      nodesTotal: this.#state.nodesTotal,
      feasible,
      topScores: top.map(({ node, score }) => ({
        nodeName: node.name,
        score: finite(score),
        ...(score === UNSCORED && this.#scoringFault !== undefined
          ? { why: `not scored: ${this.#scoringFault.message}` }
          : strategy.explain && { why: strategy.explain(info, node) }),
      })),
    };
  }

  /** Sees to it that a pass runs when a back-off ends, and now and then while pods are without room. */
  #armFlush(): void {
    const nowMs = this.#clock.monotonicMs();
    const atMs = Math.min(
      this.#queue.nextBackoffEndMs() ?? Number.POSITIVE_INFINITY,
      this.#queue.hasUnschedulable ? nowMs + FLUSH_MS : Number.POSITIVE_INFINITY,
    );
    if (atMs === Number.POSITIVE_INFINITY || (this.#flushDue !== undefined && this.#flushDue.atMs <= atMs))
      return;
    this.#flushDue?.timer.cancel();
    const timer = this.#clock.after(Math.max(0, atMs - nowMs), () => {
      this.#flushDue = undefined;
      this.#requestPass();
    });
    this.#flushDue = { atMs, timer };
  }

  #scoringFailed({ namespace, name, pod }: PodInfo, strategy: string, cause: Error): void {
    this.#reporter.scoringFailed(pod, strategy, cause.message);
    const about = `strategy "${strategy}" failed to score nodes for pod ${namespace}/${name}`;
    this.#onError(new Error(`${about}: ${cause.message}`, { cause }));
  }
}

/** Scores are told as JSON, which knows no infinity. */
function finite(score: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(score, Number.MAX_VALUE));
}
