import { EventRecorder } from "../api/event-recorder.ts";
import { CLUSTER_SETTINGS_NAME, clusterSettings } from "../api/kinds/cluster-settings.ts";
import { namespaces } from "../api/kinds/namespace.ts";
import { nodes } from "../api/kinds/node.ts";
import { pods } from "../api/kinds/pod.ts";
import { podDisruptionBudgets } from "../api/kinds/pod-disruption-budget.ts";
import type { SchedulingDecision } from "../api/kinds/scheduling-decision.ts";
import { LocalCopies } from "../api/local-copies.ts";
import type { ObjectKey } from "../api/meta.ts";
import type { Objects } from "../api/objects.ts";
import type { Clock } from "../clock/clock.ts";
import type { Random } from "../lib/random.ts";
import type { WithinTime } from "../lib/time-limit.ts";
import { Cycle } from "./cycle.ts";
import type { PlacedRecords } from "./decision-log.ts";
import { DISCIPLINES, findDiscipline } from "./queue/disciplines/registry.ts";
import { type LoadStrategy, StrategyInForce } from "./strategy-in-force.ts";

export interface SchedulerContext {
  readonly objects: Objects;
  readonly clock: Clock;
  /** Local copies that it shares with other parts of the process; its own unless given. */
  readonly copies?: LocalCopies | undefined;
  readonly random: Random;
  /** Told about failures that the scheduler could not handle; it goes on. */
  readonly onError: (error: unknown) => void;
  readonly loadStrategy: LoadStrategy;
  /** Cuts off a user's own strategy when it does not end; absent: nobody does. */
  readonly withinTime?: WithinTime;
  /** Name of the queue discipline (queue/disciplines/); the first one when absent. */
  readonly discipline?: string;
  /** Of a scheduler whose place it takes. */
  readonly memory?: SchedulerMemory;
}

/** What a scheduler hands over to the one that takes its place; nothing is decided by it. */
export interface SchedulerMemory {
  readonly placed: PlacedRecords;
  readonly tries: SchedulerTries;
}

export interface RunningScheduler {
  /** What it thought when it last tried a pod. */
  readonly decisions: {
    get(key: ObjectKey): SchedulingDecision | undefined;
    list(): readonly SchedulingDecision[];
  };
  /** What it has done since it started. */
  counts(): SchedulerCounts;
  memory(): SchedulerMemory;
  stop(): void;
}

/** Tries of pods by their outcome, and tries to make room. */
export interface SchedulerTries {
  readonly scheduled: number;
  readonly unschedulable: number;
  readonly error: number;
  readonly preemptions: number;
}

/** What it has tried, and pods that wait now. */
export interface SchedulerCounts extends SchedulerTries {
  readonly waiting: number;
}

/**
 * Starts the scheduler: whatever pod waits for a node gets the one that the strategy in force prefers among those that
 * pass every filter. Resolves when it has read what there is.
 */
export async function startScheduler(context: SchedulerContext): Promise<RunningScheduler> {
  const { objects, clock, random, onError, loadStrategy } = context;
  const events = new EventRecorder({ objects, clock, random, component: "default-scheduler", onError });
  const { withinTime } = context;
  const strategy = new StrategyInForce({ objects, load: loadStrategy, withinTime, events, onError });
  const discipline = context.discipline === undefined ? DISCIPLINES[0] : findDiscipline(context.discipline);
  if (discipline === undefined) throw new Error(`no queue discipline is called "${context.discipline}"`);
  const cycle = new Cycle({ objects, clock, random, onError, events, strategy, discipline });
  if (context.memory !== undefined) cycle.remember(context.memory);
  const shared = context.copies ?? new LocalCopies(objects, clock);
  const informers = [
    shared.follow(clusterSettings, {
      changed: (_before, after) => {
        if (after?.metadata.name === CLUSTER_SETTINGS_NAME) strategy.follow(after);
      },
    }),
    shared.follow(nodes, {
      changed: (before, after) => cycle.watch.nodeChanged(before, after),
    }),
    shared.follow(namespaces, {
      changed: (before, after) => cycle.watch.namespaceChanged(before, after),
    }),
    shared.follow(podDisruptionBudgets, {
      changed: (before, after) => cycle.budgets.changed(before, after),
    }),
    ...cycle.volumes.informers(objects, clock),
    ...cycle.defaultSpread.informers(objects, clock),
    shared.follow(pods, { changed: (before, after) => cycle.watch.podChanged(before, after) }),
  ];
  const stop = () => {
    for (const informer of informers) informer.stop();
    cycle.stop();
  };
  try {
    // In this order: pods are counted on nodes, and placed by the strategy that was chosen.
    for (const informer of informers) await informer.start();
    await strategy.settled();
  } catch (error) {
    stop();
    throw error;
  }
  cycle.start();
  return {
    stop,
    decisions: cycle.decisions,
    counts: () => cycle.counts(),
    memory: () => ({ placed: cycle.decisions.placedRecords(), tries: cycle.counts() }),
  };
}
