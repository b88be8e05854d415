import { holdsState } from "../api/holds-state.ts";
import { apiVersionOf } from "../api/kind.ts";
import { clusterSettings, strategyInForce, timingProfileOf } from "../api/kinds/cluster-settings.ts";
import { secrets } from "../api/kinds/secret.ts";
import { type KubeObject, keyOf, keyText, type ObjectKey } from "../api/meta.ts";
import { mergeDiff } from "../api/patch/merge-diff.ts";
import { EventStream } from "../chaos/event-stream.ts";
import { NO_CHAOS } from "../chaos/no-chaos.ts";
import { ChangeObserver } from "../chaos/observe-changes.ts";
import type { Clock } from "../clock/clock.ts";
import {
  type InputLine,
  RECORDING_VERSION,
  type RecordingLine,
  type SchedulerLifeLine,
} from "../recording/line.ts";
import { objectChange } from "../recording/object-change.ts";
import { settingsIn } from "../store/settings.ts";
import type { Change, Store } from "../store/store.ts";
import type { OutsideWrite } from "./recorded-objects.ts";
import { startObject, storedValue } from "./recorded-state.ts";
import { VERSION } from "./version.ts";

/** So many changes are kept until the write that made them says that it came from outside. */
const KEPT = 10_000;

/** What a recorder needs of a cluster. */
export interface RecordedCluster {
  readonly store: Store;
  readonly clock: Clock;
  /** Name of its root stream of chance. */
  readonly chance: string;
}

/** When something took effect: ms since the start, events before it, the store's revision. */
type Moment = Pick<InputLine, "t" | "afterEvents" | "revision">;

interface Seen {
  readonly moment: Moment;
  readonly change: Change;
}

/**
 * Records a cluster while it lives: what it was, what was done to it from outside, and what happened. Times are those
 * at which its own parts are told of a change.
 */
export class ClusterRecorder {
  readonly #cluster: RecordedCluster;
  readonly #write: (line: RecordingLine) => void;
  readonly #isTold: (key: string) => boolean;
  readonly #startMs: number;
  readonly #stream: EventStream;
  readonly #observer: ChangeObserver;
  readonly #seen = new Map<number, Seen>();
  /** Writes whose change has not been seen yet, by its revision. */
  readonly #waiting = new Map<number, OutsideWrite>();
  readonly #stop: () => void;
  readonly #deletions = new Deletions();
  #lastRevision = 0;
  #events = 0;

  /**
   * @param write takes every line but the last, which only the reader knows; the header first
   * @param isTold whether the scheduler is told of changes of what is stored by a key
   */
  constructor(
    cluster: RecordedCluster,
    write: (line: RecordingLine) => void,
    isTold: (key: string) => boolean,
  ) {
    const { store, clock } = cluster;
    this.#cluster = cluster;
    this.#write = write;
    this.#isTold = isTold;
    this.#startMs = clock.monotonicMs();
    this.#stream = new EventStream(clock, (event) => {
      this.#events++;
      write(event);
    });
    const settings = settingsIn(store);
    this.#observer = new ChangeObserver(this.#stream, timingProfileOf(settings).reschedulesBarePods);
    this.#begin();
    this.#stop = store.watch("", store.revision, (changes) => {
      this.#tellChanges(changes);
      for (const change of changes) this.#changed(change);
    });
  }

  /** The cluster's scheduler has met with something. */
  scheduler(line: SchedulerLifeLine): void {
    this.#write(line);
  }

  stop(): void {
    this.#stop();
  }

  /** A write from outside has been carried out. */
  wrote(write: OutsideWrite): void {
    const { kind, key, verb, result } = write;
    if (!holdsState(kind)) return;
    if (verb === "act" && kind.kind !== "Pod") return;
    // What is in Secrets does not leave the cluster.
    if (verb === "change" && kind.schema === secrets.schema) return;
    const revision = Number(result?.metadata.resourceVersion ?? 0);
    const seen = this.#seen.get(revision);
    if (result === undefined)
      this.#input(write, this.#deletions.take(kind.kind, key) ?? this.#now(), undefined);
    else if (seen !== undefined) this.#input(write, seen.moment, seen.change);
    else if (revision > this.#lastRevision) this.#waiting.set(revision, write);
  }

  #begin(): void {
    const { store, clock, chance } = this.#cluster;
    const settings = settingsIn(store);
    const { seed = "" } = settings.spec;
    const strategy = strategyInForce(settings);
    const live = { revision: store.revision, chance, monotonicMs: this.#startMs, timeMs: clock.now() };
    this.#write({
      recording: "header",
      version: RECORDING_VERSION,
      kubesim: VERSION,
      source: "live",
      seed,
      strategy,
      startTime: new Date(live.timeMs).toISOString(),
      live,
    });
    const { records } = store.list("");
    for (const record of records) {
      const line = startObject(record);
      if (line !== undefined) this.#write(line);
    }
    const timing = timingProfileOf(settings);
    this.#stream.emit({
      type: "run-started",
      schemaVersion: 1,
      runId: "live",
      seed,
      options: NO_CHAOS,
      timing: { profile: timing.name, ...timing },
      strategy,
    });
    for (const kind of ["Node", "NodeFault", "Pod"]) {
      for (const { value } of records) {
        if ((value as KubeObject).kind === kind) this.#observer.changed(undefined, value);
      }
    }
  }

  #changed(change: Change): void {
    const { revision, before, after } = change;
    const moment = { ...this.#now(), revision };
    this.#lastRevision = revision;
    keep(this.#seen, revision, { moment, change });
    this.#deletions.see(change, moment);
    this.#observer.changed(before, after);
    this.#followStrategy(before, after);
    const write = this.#waiting.get(revision);
    if (write === undefined) return;
    this.#waiting.delete(revision);
    this.#input(write, moment, change);
  }

  /** What the scheduler is told of now. */
  #tellChanges(changes: readonly Change[]): void {
    const told = changes.filter(({ key }) => this.#isTold(key));
    if (told.length === 0) return;
    this.#write({
      recording: "changes",
      changes: told.map(({ key, before, after }) => objectChange(key, before, after)),
    });
  }

  #followStrategy(before: unknown, after: unknown): void {
    const [was, is] = [before, after] as [KubeObject | undefined, KubeObject | undefined];
    if (is?.kind !== clusterSettings.kind || was === undefined) return;
    const strategy = strategyInForce(is as never);
    if (strategy !== strategyInForce(was as never)) this.#stream.emit({ type: "strategy-changed", strategy });
  }

  #now(): Moment {
    const t = this.#cluster.clock.monotonicMs() - this.#startMs;
    return { t, afterEvents: this.#events, revision: this.#cluster.store.revision };
  }

  #input(
    { verb, kind, key, result, body, subresource, deletion }: OutsideWrite,
    moment: Moment,
    change: Change | undefined,
  ): void {
    const isCreation = verb === "create" || (change !== undefined && change.before === undefined);
    const changed = isCreation ? (body ?? change?.after) : changeOf(change);
    if (verb === "change" && changed === undefined) return;
    const posted = verb === "act" ? body : changed;
    const line: InputLine = {
      recording: "input",
      ...moment,
      verb: isCreation ? "create" : verb,
      apiVersion: apiVersionOf(kind),
      kind: kind.kind,
      ...(key.namespace !== undefined && { namespace: key.namespace }),
      name: key.name,
      ...(result !== undefined && { uid: result.metadata.uid }),
      ...(posted !== undefined && verb !== "delete" && { body: storedValue(posted) }),
      ...(subresource !== undefined && { subresource }),
      ...(deletion?.gracePeriodSeconds !== undefined && { gracePeriodSeconds: deletion.gracePeriodSeconds }),
      ...(deletion?.propagationPolicy !== undefined && { propagationPolicy: deletion.propagationPolicy }),
    };
    this.#write(line);
  }
}

/** What a change did, but for what the API machinery writes by itself. */
function changeOf(change: Change | undefined): unknown {
  if (change === undefined) return undefined;
  return mergeDiff(withoutStamps(change.before), withoutStamps(change.after));
}

function withoutStamps(value: unknown): unknown {
  const { metadata, ...rest } = value as KubeObject;
  const {
    resourceVersion: _,
    uid: _uid,
    generation: _generation,
    creationTimestamp: _creation,
    ...kept
  } = metadata;
  const { managedFields: _managed, ...own } = kept as Record<string, unknown>;
  return { ...rest, metadata: own };
}

/** When objects went, or began to, by kind and name. */
class Deletions {
  readonly #moments = new Map<string, Moment>();

  see({ before, after }: Change, moment: Moment): void {
    const [was, is] = [before, after] as [KubeObject | undefined, KubeObject | undefined];
    if (was === undefined || was.metadata.deletionTimestamp !== undefined) return;
    if (is === undefined || is.metadata.deletionTimestamp !== undefined) {
      keep(this.#moments, `${was.kind} ${keyText(keyOf(was))}`, moment);
    }
  }

  take(kind: string, key: ObjectKey): Moment | undefined {
    const name = `${kind} ${keyText(key)}`;
    const moment = this.#moments.get(name);
    this.#moments.delete(name);
    return moment;
  }
}

function keep<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
  map.set(key, value);
  if (map.size > KEPT) map.delete(map.keys().next().value as Key);
}
