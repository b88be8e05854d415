import { ApiError, badRequest, expired } from "../api/errors.ts";
import type { Kind } from "../api/kind.ts";
import type { KubeObject } from "../api/meta.ts";
import type { Watch, WatchEvent, WatchObserver, WatchOptions } from "../api/objects.ts";
import type { Clock, Timer } from "../clock/clock.ts";
import { selectionPrefix } from "./keys.ts";
import { presenter } from "./presenter.ts";
import { type CompiledSelection, compileSelection } from "./selection.ts";
import { type Change, Compacted, type Store } from "./store.ts";

/** How often idle watchers that asked for it are told the current version, as in Kubernetes. */
const BOOKMARK_PERIOD_MS = 60_000;

type Presented = (object: KubeObject) => KubeObject;

/** The watches of a StoredObjects: changes of records become events of objects. */
export class Watches {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #bookmarked = new Set<(revision: number) => void>();
  #bookmarkTimer: Timer | undefined;
  #lastChanges: readonly Change[] | undefined;
  #lastKind: unknown;
  #lastEvents: readonly WatchEvent[] = [];

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** @throws ApiError BadRequest at once; every other failure is told by `closed`. */
  open<T extends KubeObject>(kind: Kind<T>, options: WatchOptions, observer: WatchObserver<T>): Watch {
    const selection = compileSelection(kind, options);
    const start = parseStart(options.resourceVersion);
    const sendsInitial = start === 0 || options.sendInitialEvents === true;
    const fromRevision = sendsInitial ? this.#store.revision : start;
    const stream = new Stream(observer as WatchObserver<KubeObject>);
    if (fromRevision > this.#store.revision) {
      stream.closeSoon(tooNew(fromRevision, this.#store.revision));
      return stream;
    }
    const present = presenter(kind, this.#clock) as Presented | undefined;
    const matches = matcher(selection);
    let toldRevision = fromRevision;
    try {
      stream.onClose(
        this.#store.watch(selectionPrefix(kind, undefined), fromRevision, (changes) => {
          toldRevision = changes[changes.length - 1]?.revision ?? toldRevision;
          const events = this.#eventsOf(kind, changes, present);
          stream.deliver(matches === undefined ? events : selectedEvents(changes, events, matches));
        }),
      );
    } catch (error) {
      if (!(error instanceof Compacted)) throw error;
      stream.closeSoon(expired(fromRevision, error.oldestRevision));
      return stream;
    }
    if (sendsInitial) stream.deliverSoon(this.#initialEvents(kind, selection, options, present));
    if (options.bookmarks) this.#bookmark(stream, () => toldRevision);
    return stream;
  }

  #initialEvents<T extends KubeObject>(
    kind: Kind<T>,
    { namespace, matches }: CompiledSelection<T>,
    { sendInitialEvents = false }: WatchOptions,
    present: Presented | undefined,
  ): readonly WatchEvent[] {
    const { records } = this.#store.list(selectionPrefix(kind, namespace));
    const events: WatchEvent[] = [];
    for (const { value } of records) {
      const object = value as T;
      if (matches !== undefined && !matches(object)) continue;
      events.push({ type: "ADDED", object: present === undefined ? object : present(object) });
    }
    if (sendInitialEvents) {
      events.push({ type: "BOOKMARK", resourceVersion: String(this.#store.revision), initial: true });
    }
    return events;
  }

  /** One event per change. All watches of a kind are handed the same changes, so the events are made once. */
  #eventsOf(
    kind: unknown,
    changes: readonly Change[],
    present: Presented | undefined,
  ): readonly WatchEvent[] {
    if (changes !== this.#lastChanges || kind !== this.#lastKind) {
      this.#lastChanges = changes;
      this.#lastKind = kind;
      this.#lastEvents = changes.map((change) => eventOf(change, present));
    }
    return this.#lastEvents;
  }

  /** @param told the version of the last change that the stream was told of, or passed over */
  #bookmark(stream: Stream, told: () => number): void {
    const tell = (revision: number) => {
      const resourceVersion = String(Math.max(revision, told()));
      stream.deliver([{ type: "BOOKMARK", resourceVersion, initial: false }]);
    };
    this.#bookmarked.add(tell);
    this.#bookmarkTimer ??= this.#clock.every(BOOKMARK_PERIOD_MS, () => this.#tellBookmarks());
    stream.onClose(() => {
      this.#bookmarked.delete(tell);
      if (this.#bookmarked.size > 0) return;
      this.#bookmarkTimer?.cancel();
      this.#bookmarkTimer = undefined;
    });
  }

  #tellBookmarks(): void {
    // Changes up to here are delivered by a microtask that is already due, so one that comes after it is in order.
    const { revision } = this.#store;
    queueMicrotask(() => {
      for (const tell of [...this.#bookmarked]) tell(revision);
    });
  }
}

/** One watch: keeps the order of its deliveries, and its peace once it is closed. */
class Stream implements Watch {
  readonly #observer: WatchObserver<KubeObject>;
  readonly #whenClosed: (() => void)[] = [];
  #first: readonly WatchEvent[] = [];
  #isClosed = false;

  constructor(observer: WatchObserver<KubeObject>) {
    this.#observer = observer;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const action of this.#whenClosed) action();
  }

  onClose(action: () => void): void {
    this.#whenClosed.push(action);
  }

  closeSoon(error: ApiError): void {
    queueMicrotask(() => {
      if (this.#isClosed) return;
      this.close();
      this.#observer.closed(error);
    });
  }

  /** Delivers in a microtask, or just before whatever comes earlier. */
  deliverSoon(events: readonly WatchEvent[]): void {
    this.#first = events;
    queueMicrotask(() => this.deliver([]));
  }

  deliver(events: readonly WatchEvent[]): void {
    if (this.#isClosed) return;
    const first = this.#first;
    this.#first = [];
    if (first.length > 0) this.#observer.events(first);
    if (events.length > 0 && !this.#isClosed) this.#observer.events(events);
  }
}

function eventOf({ before, after, revision }: Change, present: Presented | undefined): WatchEvent {
  const object = (after ?? withVersion(before as KubeObject, revision)) as KubeObject;
  const type = after === undefined ? "DELETED" : before === undefined ? "ADDED" : "MODIFIED";
  return { type, object: present === undefined ? object : present(object) };
}

/** A deleted object is shown as it last was, with the version of its deletion. */
function withVersion(object: KubeObject, revision: number): KubeObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}

/** For a selecting watch, objects come and go as they begin and cease to match. */
function selectedEvents(
  changes: readonly Change[],
  events: readonly WatchEvent[],
  matches: (object: KubeObject) => boolean,
): readonly WatchEvent[] {
  const selected: WatchEvent[] = [];
  changes.forEach(({ before, after, revision }, index) => {
    const matched = before !== undefined && matches(before as KubeObject);
    const isMatch = after !== undefined && matches(after as KubeObject);
    const event = events[index] as WatchEvent & { readonly object: KubeObject };
    if (isMatch) selected.push(matched || event.type === "ADDED" ? event : { ...event, type: "ADDED" });
    else if (matched) {
      const object = event.type === "DELETED" ? event.object : withVersion(before as KubeObject, revision);
      selected.push({ type: "DELETED", object });
    }
  });
  return selected;
}

function matcher<T extends KubeObject>({
  namespace,
  matches,
}: CompiledSelection<T>): ((object: KubeObject) => boolean) | undefined {
  if (namespace === undefined) return matches as ((object: KubeObject) => boolean) | undefined;
  return (object) =>
    object.metadata.namespace === namespace && (matches === undefined || matches(object as T));
}

function parseStart(resourceVersion = "0"): number {
  if (resourceVersion === "") return 0;
  const revision = /^\d{1,15}$/.test(resourceVersion) ? Number(resourceVersion) : Number.NaN;
  if (Number.isNaN(revision)) {
    throw badRequest(`Invalid value: ${JSON.stringify(resourceVersion)}: resourceVersion is not a version`);
  }
  return revision;
}

function tooNew(asked: number, current: number): ApiError {
  return new ApiError("Timeout", `Too large resource version: ${asked}, current: ${current}`, {
    retryAfterSeconds: 1,
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
  });
}
