import { isReason } from "../api/errors.ts";
import type { EventRecorder } from "../api/event-recorder.ts";
import type { Objects } from "../api/objects.ts";
import { type Clock, Phase, type Timer } from "../clock/clock.ts";
import { extend } from "../lib/extend.ts";
import type { Random } from "../lib/random.ts";
import { TimeLimitError } from "../lib/time-limit.ts";
import { Binder } from "./binder.ts";
import { ClusterState } from "./cache/cluster-state.ts";
import type { NodeEntry } from "./cache/node-entry.ts";
import type { PodShape } from "./cache/pod-shape.ts";
import { ClusterWatch } from "./cluster-watch.ts";
import { DecisionLog, type PlacedRecord } from "./decision-log.ts";
import { NodeChecks } from "./filters/node-checks.ts";
import { TypicalPods } from "./fragmentation/typical-pods.ts";
import type { DefaultSpread } from "./neighbours/default-spread.ts";
import { type Placement, Placer } from "./placement/placer.ts";
import { UNSCORED } from "./placement/scan.ts";
import { identityOf, nominated, notNominated, type PodInfo, PodInfos } from "./pod-info.ts";
import { Budgets } from "./preemption/budgets.ts";
import { Evictions } from "./preemption/evictions.ts";
import { Nominations } from "./preemption/nominations.ts";
import { Preemption } from "./preemption/preemption.ts";
import { Preemptor } from "./preemption/preemptor.ts";
import type { Line, Overtaking, QueueDiscipline } from "./queue/discipline.ts";
import { expectedRunMs } from "./queue/expected-run.ts";
import { failuresOf, type QueuedPod } from "./queue/pod-class.ts";
import { SchedulingQueue } from "./queue/scheduling-queue.ts";
import { Refusals } from "./refusals.ts";
import { Reporter } from "./reporter.ts";
import type { SchedulerCounts, SchedulerMemory } from "./scheduler.ts";
import type { Strategy } from "./strategy.ts";
import type { StrategyInForce } from "./strategy-in-force.ts";
import { VolumeBinder } from "./volumes/volume-binder.ts";
import { Volumes } from "./volumes/volumes.ts";

/** Work of one pass: pods tried, where so many nodes that are compared or asked why count as one more. */
const WORK_PER_PASS = 256;
const NODES_PER_WORK = 100;

/** Pods without room that have waited too long are tried again at multiples of this, many at a time. */
const FLUSH_MS = 30_000;

interface CycleParts {
  readonly objects: Objects;
  readonly clock: Clock;
  readonly random: Random;
  readonly onError: (error: unknown) => void;
  readonly events: EventRecorder;
  readonly strategy: StrategyInForce;
  readonly discipline: QueueDiscipline;
}

/**
 * The scheduling cycle: once an instant has settled, one pass goes through the active queue and places all that fit.
 * Placed pods take their room at once; they are bound while the next ones are placed.
 */
export class Cycle {
  readonly decisions: DecisionLog;
  readonly budgets = new Budgets();
  readonly watch: ClusterWatch;
  readonly volumes = new Volumes(() => this.watch.volumesChanged());
  readonly #clock: Clock;
  readonly #strategy: StrategyInForce;
  readonly #state = new ClusterState();
  readonly #queue: SchedulingQueue;
  readonly #discipline: QueueDiscipline;
  readonly #line: Line;
  readonly #checks: NodeChecks;
  readonly #placer: Placer;
  readonly #binder: Binder;
  readonly #reporter: Reporter;
  readonly #refusals: Refusals;
  readonly #preemptor: Preemptor;
  readonly #onError: (error: unknown) => void;
  readonly #tries = { scheduled: 0, unschedulable: 0, error: 0, preemptions: 0 };
  #isRunning = false;
  /** True while a pass has had to stop before its end; it goes on in the next turn. */
  #isUnfinished = false;
  /** True when nobody may be placed before the first that waits. */
  #isHeldUp = false;
  /** Who may overtake the first that did not fit in this pass; undefined while all have fitted. */
  #overtaking: Overtaking | undefined;
  #passDue: Timer | undefined;
  #flushDue: { readonly atMs: number; readonly timer: Timer } | undefined;
  /** What the strategy failed with on the pod that is being tried: reported once, not once per node. */
  #scoringFault: Error | undefined;

  constructor({ objects, clock, random, onError, events, strategy, discipline }: CycleParts) {
    this.#clock = clock;
    this.#strategy = strategy;
    this.#discipline = discipline;
    this.#queue = new SchedulingQueue((pod, node) => this.#checks.of(pod).refusal(node) === undefined);
    this.#line = discipline.start(this.#state);
    this.#onError = onError;
    this.volumes.countUsers(this.#state);
    const nominations = new Nominations(this.#state);
    this.#checks = new NodeChecks(this.#state, (pod, node) => nominations.besides(pod, node), this.volumes);
    const scoringFailed = (error: unknown) => {
      this.#scoringFault ??= error instanceof Error ? error : new Error(String(error));
    };
    const typical = new TypicalPods(
      () => this.#shapes(),
      () => this.#queue.size + this.#state.podsTotal,
    );
    const chance = random.stream("placements");
    this.#placer = new Placer(this.#state, chance, scoringFailed, this.#checks, typical);
    this.#binder = new Binder(objects, new VolumeBinder(objects, clock, this.volumes));
    this.#reporter = new Reporter({ objects, clock, events, onError });
    this.decisions = new DecisionLog(
      (pod) => this.#refusals.diagnosisOf(pod.podClass),
      (uid) => this.#preemptor.victimsOf(uid),
    );
    const evictions = new Evictions({ objects, clock, events });
    this.#preemptor = new Preemptor({
      preemption: new Preemption({
        state: this.#state,
        checks: this.#checks,
        budgets: this.budgets,
        evictions,
        random: random.stream("preemption"),
      }),
      evictions,
      nominations,
      observer: {
        lost: (pod) => this.#nominationLost(pod),
        failed: (pod, error) => this.#evictionFailed(pod, error),
      },
    });
    this.#refusals = new Refusals({
      state: this.#state,
      clock,
      reporter: this.#reporter,
      decisions: this.decisions,
      preemptor: this.#preemptor,
      checks: this.#checks,
    });
    this.watch = new ClusterWatch({
      state: this.#state,
      queue: this.#queue,
      infos: new PodInfos(),
      reporter: this.#reporter,
      preemptor: this.#preemptor,
      checks: this.#checks,
      somethingToDo: () => this.#requestPass(),
      waiterLeft: () => discipline.startsAtHead && this.#requestPass(),
    });
  }

  /** Which pods Kubernetes spreads unasked. */
  get defaultSpread(): DefaultSpread {
    return this.#checks.neighbours.defaultSpread;
  }

  /** As `RunningScheduler.counts`. */
  counts(): SchedulerCounts {
    return { ...this.#tries, waiting: this.#queue.size };
  }

  /** Takes over what the scheduler before it had to tell. */
  remember({ placed, tries }: SchedulerMemory): void {
    this.decisions.remember(placed);
    Object.assign(this.#tries, tries);
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
    this.#begin();
    for (let work = 0; work < WORK_PER_PASS && !this.#binder.isBusy && !this.#isHeldUp; ) {
      const pod = this.#isToBeFirst ? this.#queue.popFirst() : this.#queue.pop();
      if (pod === undefined) break;
      work += 1 + this.#try(pod) / NODES_PER_WORK;
    }
    this.#isUnfinished = this.#queue.hasActive && !this.#isHeldUp;
    // When bindings hold it up, the next one to come back goes on.
    if (this.#isUnfinished && !this.#binder.isBusy) this.#requestPass();
    this.#armFlush();
  }

  /** True while nobody may be tried before the first that waits. */
  get #isToBeFirst(): boolean {
    return this.#discipline.startsAtHead && this.#overtaking === undefined;
  }

  /** Brings into the queue what may fit now. */
  #begin(): void {
    this.#queue.flush(this.#clock.monotonicMs());
    const isFresh = !this.#isUnfinished || this.watch.hasFreed;
    const hasOnlyMoves = this.watch.hasOnlyMoves;
    this.watch.wake();
    // What this very pass has placed makes no second one of it.
    if (!isFresh || (hasOnlyMoves && !this.#queue.hasActive)) return;
    this.#isHeldUp = false;
    this.#overtaking = undefined;
    if (this.#discipline.startsAtHead) this.#queue.startOver();
  }

  /** Places a pod or puts its class aside. @returns how many nodes were looked at one by one */
  #try(pod: QueuedPod): number {
    const strategy = this.#strategy.current;
    this.#scoringFault = undefined;
    try {
      const { info } = pod;
      const wished = this.#preemptor.seenBy(info, () => this.#placer.place(info, strategy));
      if (wished === undefined) return this.#park(pod, strategy);
      const nowMs = this.#clock.monotonicMs();
      const longestRunMs = this.#overtaking?.longestRunMs(info, wished.node, nowMs);
      const mayOvertake = longestRunMs === undefined || expectedRunMs(info.pod) <= longestRunMs;
      const placement = mayOvertake ? wished : this.#elsewhere(info, wished, strategy);
      if (placement === undefined) {
        this.#queue.passOver(pod, longestRunMs);
        return 0;
      }
      this.#overtaking?.overtook(info, placement.node, nowMs);
      this.#place(pod, placement, strategy);
      return placement.feasible ?? 0;
    } catch (error) {
      // With a strategy that does not end, every other pod would be held up as long.
      if (error instanceof TimeLimitError && this.#strategy.dismiss(error.message)) return this.#try(pod);
      // A fault of the scheduler's own must not end the server; this class is tried again in some minutes.
      this.#tries.error++;
      this.#onError(error);
      this.#queue.park(pod.podClass, this.#clock.monotonicMs());
      return 0;
    }
  }

  /** A pod must not take the room that the strategy wished for it: the best of the other nodes, if it may go there. */
  #elsewhere(info: PodInfo, { node }: Placement, strategy: Strategy): Placement | undefined {
    if (this.#state.nodesTotal === 1) return undefined;
    const look = () => this.#preemptor.seenBy(info, () => this.#placer.place(info, strategy));
    // Room is kept for the first that waits on one node only.
    return this.#state.without(node, info.shape, look);
  }

  #place(pod: QueuedPod, placement: Placement, strategy: Strategy): void {
    const { info, podClass } = pod;
    const { node } = placement;
    const placed = placement.devices === undefined ? info : extend(info, { devices: placement.devices });
    const attempts = failuresOf(pod) + 1;
    this.decisions.placed(info, this.#record(info, placement, strategy, attempts));
    if (this.#scoringFault !== undefined) this.#scoringFailed(info, strategy.name, this.#scoringFault);
    this.#tries.scheduled++;
    this.#preemptor.forget(info.uid);
    this.#state.assume(placed, node);
    this.#line.placed(info, node, this.#clock.monotonicMs());
    this.#queue.remove(info.uid);
    this.#queue.next(podClass);
    this.watch.bindingStarted(info);
    void this.#bind(placed, node, attempts, pod.bindFailures);
  }

  /** No node would do: makes room where that is possible, and puts the pod's class aside. */
  #park(pod: QueuedPod, strategy: Strategy): number {
    if (pod.info.apart === undefined && this.#checks.neighbours.isUnwanted(pod.info))
      return this.#setApart(pod);
    const nowMs = this.#clock.monotonicMs();
    if (this.#overtaking === undefined) {
      this.#overtaking = this.#line.behind(pod.info, nowMs);
      this.#isHeldUp = this.#overtaking === undefined;
    }
    this.#tries.unschedulable++;
    const nodeName = this.#preemptor.help(pod.info);
    if (nodeName !== undefined) this.#tries.preemptions++;
    const { podClass } = this.#nominated(pod, nodeName);
    this.#queue.park(podClass, nowMs);
    return this.#refusals.refused(podClass, strategy.name) ? this.#state.nodesTotal : 0;
  }

  /** Its neighbours see more in a pod than its class does: it is tried again, with its like only. */
  #setApart({ info, podClass }: QueuedPod): number {
    this.#queue.put(extend(info, { apart: identityOf(info.pod) }));
    if (podClass.size > 0) this.#queue.next(podClass);
    return 0;
  }

  /** Takes down where room is being made for a pod, if anywhere; the others of its class are tried next. */
  #nominated(pod: QueuedPod, nodeName: string | undefined): QueuedPod {
    const { info, podClass } = pod;
    if (info.nominatedNode === nodeName) return pod;
    this.#queue.put(
      nodeName === undefined ? notNominated(info) : extend(info, nominated(info.uid, nodeName)),
    );
    if (podClass.size > 0) this.#queue.next(podClass);
    return this.#queue.get(info.uid) as QueuedPod;
  }

  /** A pod is to look for another place than the one where room was being made for it. */
  #nominationLost({ uid }: PodInfo): void {
    const pod = this.#queue.get(uid);
    if (pod === undefined) return;
    this.#queue.put(notNominated(pod.info));
    this.#reporter.notNominated(pod.info.pod);
  }

  #evictionFailed(pod: PodInfo, error: unknown): void {
    if (!this.#isRunning) return;
    const { namespace, name } = pod;
    this.#onError(
      new Error(`cannot make room for pod ${namespace}/${name}: ${String(error)}`, { cause: error }),
    );
    this.#preemptor.forget(pod.uid);
    this.#nominationLost(pod);
    this.#requestPass();
  }

  async #bind(info: PodInfo, node: NodeEntry, attempts: number, bindFailures: number): Promise<void> {
    const failed = await this.#binder.bind(info, node);
    if (!this.#isRunning) return;
    if (failed === undefined) {
      this.#reporter.scheduled(info.pod, node.name);
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
    if (this.#queue.hasActive && !this.#isHeldUp) this.#requestPass();
  }

  /** Of every pod that waits or takes room. */
  *#shapes(): Iterable<PodShape> {
    for (const { info } of this.#queue.pods) yield info.shape;
    for (const { shape } of this.#state.tenants()) yield shape;
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
      victims: this.#preemptor.victimsOf(info.uid),
      topScores: top.map(({ node, score }) => ({
        nodeName: node.name,
        score: finite(score),
        ...(score === UNSCORED && this.#scoringFault !== undefined
          ? { why: `not scored: ${this.#scoringFault.message}` }
          : strategy.explain && { why: strategy.explain(info, node, this.#placer.context) }),
      })),
    };
  }

  /** Sees to it that a pass runs when a back-off ends, and when pods without room have waited too long. */
  #armFlush(): void {
    const nowMs = this.#clock.monotonicMs();
    const retryMs = this.#queue.nextRetryMs() ?? Number.POSITIVE_INFINITY;
    const atMs = Math.min(
      this.#queue.nextBackoffEndMs() ?? Number.POSITIVE_INFINITY,
      FLUSH_MS * Math.ceil(retryMs / FLUSH_MS),
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
