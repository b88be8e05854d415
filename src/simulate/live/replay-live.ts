import { timingProfileOf } from "../../api/kinds/cluster-settings.ts";
import { EventStream } from "../../chaos/event-stream.ts";
import type { ChaosEvent } from "../../chaos/events.ts";
import { ChangeObserver } from "../../chaos/observe-changes.ts";
import { type PrivateCluster, startPrivateCluster } from "../../cluster/private-cluster.ts";
import {
  type InputLine,
  isEvent,
  type LiveStart,
  type ObjectLine,
  type RecordingHeader,
} from "../../recording/line.ts";
import type { RecordingFile } from "../../recording/recording-file.ts";
import { MemoryStore } from "../../store/memory.ts";
import { settingsIn } from "../../store/settings.ts";
import type { StoredRecord } from "../../store/store.ts";
import { InputApplier } from "./apply-input.ts";
import { Milestones } from "./milestones.ts";
import { type PlacementDifference, Placements } from "./placements.ts";

/** What came of doing again what was done to a live cluster. */
export interface LiveVerification {
  readonly inputs: number;
  /** Bindings of the recording. */
  readonly bindings: number;
  readonly differences: readonly PlacementDifference[];
  /** Inputs that were refused here though they had been accepted. */
  readonly refused: readonly { readonly input: string; readonly why: string }[];
}

/** Real timers are late by as much, at times; what is further apart is no matter of lateness. */
const LATENESS_MS = 500;
/** A recorded milestone is waited for so long. */
const PATIENCE_MS = 60_000;
/** So often an input is moved before a milestone that came too early, and all is done again. */
const CORRECTIONS = 200;

/**
 * Gives a virtual cluster, from the recorded state on, the inputs of a live one, and compares where the pods went.
 *
 * Virtual timers are exact, real ones are late by milliseconds. So times alone are not enough: an input waits until all
 * has happened that had happened before it; and where something that had come after it comes first, it is given
 * earlier, and all is done again from the start.
 */
export async function verifyLive(
  file: RecordingFile,
  signal: Pick<AbortSignal, "aborted">,
): Promise<LiveVerification> {
  const recording = readLive(file);
  const times = recording.inputs.map(({ t }) => t);
  for (let corrections = 0; ; corrections++) {
    const attempt = new LiveReplay(recording, times, signal);
    const early = await attempt.perform();
    if (early === undefined || corrections === CORRECTIONS) return attempt.verification();
    for (let index = early.index; index >= 0; index--) {
      times[index] = Math.min(times[index] as number, early.t);
    }
  }
}

interface LiveRecording {
  readonly start: LiveStart;
  /** Of the scheduler that began with the recording. */
  readonly schedulerChance: string | undefined;
  readonly records: readonly StoredRecord[];
  readonly inputs: readonly InputLine[];
  readonly events: readonly ChaosEvent[];
  readonly durationMs: number;
}

/** A live cluster's recording is as long as somebody looked on: it is read whole. */
function readLive(file: RecordingFile): LiveRecording {
  const { live } = file.header as RecordingHeader;
  const records: StoredRecord[] = [];
  const inputs: InputLine[] = [];
  const events: ChaosEvent[] = [];
  let schedulerChance: string | undefined;
  for (const { line } of file.lines()) {
    if (isEvent(line)) events.push(line);
    else if (line.recording === "object") records.push(recordOf(line));
    else if (line.recording === "input") inputs.push(line);
    else if (line.recording === "scheduler") schedulerChance ??= line.chance;
  }
  inputs.sort((a, b) => a.revision - b.revision);
  return { start: live as LiveStart, schedulerChance, records, inputs, events, durationMs: file.durationMs };
}

function recordOf({ key, revision, value }: ObjectLine): StoredRecord {
  return { key, revision, value: value as StoredRecord["value"] };
}

/** One attempt. */
class LiveReplay {
  readonly #recording: LiveRecording;
  readonly #times: readonly number[];
  readonly #signal: Pick<AbortSignal, "aborted">;
  readonly #milestones = new Milestones();
  readonly #recorded = new Placements();
  readonly #now = new Placements();
  readonly #refused: { readonly input: string; readonly why: string }[] = [];
  #cluster: PrivateCluster | undefined;
  #eventsRead = 0;

  constructor(recording: LiveRecording, times: readonly number[], signal: Pick<AbortSignal, "aborted">) {
    this.#recording = recording;
    this.#times = times;
    this.#signal = signal;
  }

  /** @returns the input that came too late, and when it should come; undefined when all was done */
  async perform(): Promise<{ readonly index: number; readonly t: number } | undefined> {
    const { start, schedulerChance, records, inputs, events, durationMs } = this.#recording;
    const cluster = await startPrivateCluster({
      settings: {},
      startMs: start.timeMs - start.monotonicMs,
      elapsedMs: start.monotonicMs,
      chance: start.chance,
      schedulerChance,
      store: new MemoryStore({ start: { revision: start.revision, records } }),
    });
    this.#cluster = cluster;
    const stop = this.#follow(cluster);
    try {
      const applier = new InputApplier(cluster.objects);
      for (const [index, input] of inputs.entries()) {
        if (this.#signal.aborted) return undefined;
        this.#read(input.afterEvents);
        await this.#advanceTo(this.#times[index] as number);
        const early = this.#earlyFor(index);
        if (early !== undefined) return { index, t: early };
        const why = await applier.apply(input);
        if (why !== undefined)
          this.#refused.push({ input: `${input.verb} ${input.kind} ${input.name}`, why });
      }
      this.#read(events.length);
      await this.#advanceTo(durationMs);
      const [defect] = cluster.errors;
      if (defect !== undefined) throw defect.error;
      return undefined;
    } finally {
      stop();
      cluster.stop();
    }
  }

  verification(): LiveVerification {
    return {
      inputs: this.#recording.inputs.length,
      bindings: this.#recorded.bindings,
      differences: this.#recorded.differencesTo(this.#now),
      refused: this.#refused,
    };
  }

  #follow({ store, clock }: PrivateCluster): () => void {
    const settings = settingsIn(store);
    const stream = new EventStream(clock, (event) => {
      this.#now.see(event);
      this.#milestones.reached(event, this.#elapsedMs());
    });
    const observer = new ChangeObserver(stream, timingProfileOf(settings).reschedulesBarePods);
    for (const kind of ["Node", "NodeFault", "Pod"]) {
      for (const { value } of this.#recording.records) {
        if ((value as { kind?: string }).kind === kind) observer.changed(undefined, value);
      }
    }
    return store.watch("", store.revision, (changes) => {
      for (const { before, after } of changes) observer.changed(before, after);
    });
  }

  /** Recorded events up to there are expected to have happened from now on. */
  #read(count: number): void {
    for (; this.#eventsRead < count; this.#eventsRead++) {
      const event = this.#recording.events[this.#eventsRead];
      if (event === undefined) break;
      this.#recorded.see(event);
      this.#milestones.recorded(event);
    }
  }

  /** Goes to that time, and on until everything recorded so far has happened. */
  async #advanceTo(t: number): Promise<void> {
    const { clock } = this.#cluster as PrivateCluster;
    const restMs = t - this.#elapsedMs();
    // Inputs that came together are given together.
    if (restMs > 0) await clock.advance(restMs);
    if (this.#milestones.isCaughtUp) return;
    await clock.settle();
    const isEnough = () => this.#milestones.isCaughtUp || this.#signal.aborted;
    if (!isEnough()) await clock.runUntil(isEnough, PATIENCE_MS);
  }

  /** When something came here before an input that it had come after, by no more than timers are late. */
  #earlyFor(index: number): number | undefined {
    const reachedMs = this.#milestones.earliestMs();
    if (reachedMs === undefined) return undefined;
    const previousMs = index === 0 ? 0 : (this.#times[index - 1] as number);
    const ownMs = this.#times[index] as number;
    if (reachedMs < previousMs || ownMs - reachedMs > LATENESS_MS) return undefined;
    // Just before: whatever is due at that very instant comes after it. Inputs of one instant are given together.
    const t = Math.max(previousMs, reachedMs - 0.001);
    return t < ownMs ? t : undefined;
  }

  #elapsedMs(): number {
    const { clock } = this.#cluster as PrivateCluster;
    return clock.monotonicMs() - this.#recording.start.monotonicMs;
  }
}
