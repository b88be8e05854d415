import { processTurn, VirtualClock } from "../../clock/virtual.ts";
import { loadStrategyModule } from "../../cluster/custom-strategy.ts";
import { withinTime } from "../../cluster/within-time.ts";
import { createRandom, type Random } from "../../lib/random.ts";
import {
  type ChangesLine,
  isEvent,
  type LiveStart,
  type ObjectChange,
  type ObjectLine,
  type RecordingHeader,
  type RecordingLine,
  type SchedulerLine,
} from "../../recording/line.ts";
import { afterChange } from "../../recording/object-change.ts";
import type { RecordingFile } from "../../recording/recording-file.ts";
import { RepeatedScheduler } from "../../recording/scheduler/repeated-scheduler.ts";
import { type RunningScheduler, startScheduler } from "../../scheduler/scheduler.ts";
import { MemoryStore } from "../../store/memory.ts";
import { StoredObjects } from "../../store/objects.ts";
import type { Operation, StoredRecord } from "../../store/store.ts";
import { type PlacementDifference, Placements } from "./placements.ts";

/** What came of letting a scheduler decide again all that one of a live cluster had decided. */
export interface DecisionVerification {
  /** Bindings of the recording. */
  readonly bindings: number;
  /** Passes of the scheduler. */
  readonly passes: number;
  readonly differences: readonly PlacementDifference[];
}

/**
 * Lets the scheduler decide again, in virtual time: it begins with the state, seed and stream of chance of the recorded
 * one, and meets with the same changes, timers and answers in the same order, at the same times by its clock. Where it
 * then binds pods is compared. What else happens is taken from the recording.
 */
export async function verifyDecisions(
  file: RecordingFile,
  signal: Pick<AbortSignal, "aborted">,
): Promise<DecisionVerification> {
  const replay = new DecisionReplay(file.header as RecordingHeader);
  try {
    for (const { line } of file.lines()) {
      if (signal.aborted) break;
      if (!isEvent(line)) await replay.meet(line);
    }
    return replay.verification();
  } finally {
    replay.stop();
  }
}

class DecisionReplay {
  readonly #start: LiveStart;
  readonly #random: Random;
  readonly #recorded = new Placements();
  readonly #now = new Placements();
  #records: StoredRecord[] = [];
  #cluster: { readonly store: MemoryStore; readonly objects: StoredObjects } | undefined;
  #doors: RepeatedScheduler | undefined;
  #scheduler: Promise<RunningScheduler> | undefined;
  #passes = 0;

  constructor({ live, seed }: RecordingHeader) {
    this.#start = live as LiveStart;
    this.#random = createRandom(seed).stream(this.#start.chance);
  }

  /** One line of the recording that is no event. */
  async meet(line: Exclude<RecordingLine, { readonly type: string }>): Promise<void> {
    switch (line.recording) {
      case "object":
        this.#records.push(recordOf(line));
        return;
      case "scheduler":
        this.#begin(line);
        break;
      case "changes":
        this.#change(line);
        break;
      case "turn":
        if (line.timer === undefined) this.#passes++;
        this.#doors?.turn(line);
        break;
      case "answer":
        this.#doors?.answer(line);
        break;
      case "binding":
        this.#recorded.bound(line.pod, line.node);
        return;
      default:
        return;
    }
    await processTurn();
  }

  verification(): DecisionVerification {
    const differences = this.#recorded.differencesTo(this.#now);
    return { bindings: this.#recorded.bindings, passes: this.#passes, differences };
  }

  stop(): void {
    void this.#scheduler?.then((scheduler) => scheduler.stop());
  }

  /** A scheduler begins from what there is now. */
  #begin({ at, chance }: SchedulerLine): void {
    this.stop();
    this.#cluster ??= this.#load();
    const { objects } = this.#cluster;
    const { timeMs, monotonicMs } = this.#start;
    const doors = new RepeatedScheduler({
      objects,
      startMs: timeMs - monotonicMs,
      atMs: at,
      bound: (pod, node) => this.#now.bound(pod, node),
    });
    this.#doors = doors;
    this.#scheduler = startScheduler({
      objects: doors.objects,
      clock: doors,
      random: this.#random.stream(chance),
      withinTime,
      loadStrategy: (source) => doors.load(loadStrategyModule(source)),
      // What it could not do then it cannot do now, and says so: that is no defect of the replay.
      onError: () => {},
    });
  }

  #change({ changes }: ChangesLine): void {
    const store = this.#cluster?.store;
    store?.apply(changesInTurn(changes, (key) => store.get(key)?.value));
  }

  /** What the recording began with. */
  #load(): { readonly store: MemoryStore; readonly objects: StoredObjects } {
    const store = new MemoryStore({ start: { revision: this.#start.revision, records: this.#records } });
    this.#records = [];
    // Nobody but the scheduler lives here, and it has its own clock.
    return { store, objects: new StoredObjects({ store, clock: new VirtualClock(), random: this.#random }) };
  }
}

/** What is told at once may be several changes of one object: each goes on from the one before. */
export function changesInTurn(
  changes: readonly ObjectChange[],
  current: (key: string) => object | undefined,
): Operation[] {
  const latest = new Map<string, object | undefined>();
  return changes.map((change) => {
    const { key } = change;
    const after = afterChange(latest.has(key) ? latest.get(key) : current(key), change);
    latest.set(key, after);
    return { key, value: after && (() => after) };
  });
}

function recordOf({ key, revision, value }: ObjectLine): StoredRecord {
  return { key, revision, value: value as StoredRecord["value"] };
}
