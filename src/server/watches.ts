import type { ApiError } from "../api/errors.ts";
import { expired } from "../api/errors.ts";
import type { KubeObject } from "../api/meta.ts";
import type { Watch, WatchEvent, WatchObserver } from "../api/objects.ts";
import type { Clock, Timer } from "../clock/clock.ts";
import type { Outlet } from "./answer.ts";
import type { View } from "./view.ts";

/** A watcher that leaves more than this unread is closed with 410 rather than fed a gap. */
const BACKLOG_LIMIT_BYTES = 8 * 1024 * 1024;
/** No more is handed to the outlet while it holds this much. */
const OUTLET_LIMIT_BYTES = 256 * 1024;
/** What is joined into one write. */
const SLICE_BYTES = 128 * 1024;
/** A client that does not even read the end of its watch is cut off after this time. */
const LINGER_MS = 10_000;

/** Starts the watch once the stream is open. */
type Start = (observer: WatchObserver<KubeObject>) => Watch;

/**
 * One watch on its way to one client. Events are encoded once per view and shared (see `encodedBatch`); what the
 * client has not taken yet waits here as references to shared, immutable events.
 */
export class WatchStream {
  readonly #outlet: Outlet;
  readonly #view: View;
  readonly #clock: Clock;
  readonly #onEnd: () => void;
  #watch: Watch | undefined;
  #timer: Timer | undefined;
  #queue: WatchEvent[] = [];
  #queueStart = 0;
  #backlogBytes = 0;
  #isFirst = true;
  #isWaiting = false;
  #ended = false;
  #finish: (() => void) | undefined;

  constructor(outlet: Outlet, view: View, clock: Clock, onEnd: () => void) {
    this.#outlet = outlet;
    this.#view = view;
    this.#clock = clock;
    this.#onEnd = onEnd;
  }

  /** Runs until the client leaves, the time is over or the watch ends by itself. */
  start(start: Start, timeoutMs: number): void {
    this.#outlet.onClose(() => this.#stop());
    this.#timer = this.#clock.after(timeoutMs, () => this.end());
    this.#watch = start({
      events: (batch) => this.#take(batch),
      closed: (error) => (error === undefined ? this.end() : this.#fail(error)),
    });
    // An implementation may have closed it before `watch` returned.
    if (this.#ended) this.#watch.close();
  }

  /** Ends the stream cleanly after what is queued. */
  end(): void {
    this.#finishWith(() => this.#outlet.end());
  }

  #fail(error: ApiError): void {
    this.#finishWith(() => this.#endWithError(error));
  }

  #take(batch: readonly WatchEvent[]): void {
    if (this.#ended || this.#finish !== undefined) return;
    if (!this.#isWaiting && !this.#isFirst && batch.length <= SHARED_BATCH_MAX) {
      this.#write(encodedBatch(this.#view, batch));
      return;
    }
    this.#enqueue(batch);
    this.#pump();
  }

  #enqueue(batch: readonly WatchEvent[]): void {
    for (const event of batch) this.#queue.push(event);
    // While the initial state is on its way the client is not slow, and what waits is in the store anyway.
    if (!this.#isWaiting || this.#isFirst) return;
    for (const event of batch) this.#backlogBytes += encodedEvent(this.#view, event, false).length;
    if (this.#backlogBytes > BACKLOG_LIMIT_BYTES) this.#overflow();
  }

  #pump(): void {
    while (!this.#isWaiting && this.#queueStart < this.#queue.length && !this.#ended) {
      this.#write(this.#nextSlice());
    }
    if (this.#queueStart >= this.#queue.length) {
      this.#queue = [];
      this.#queueStart = 0;
      this.#backlogBytes = 0;
      if (this.#finish !== undefined && !this.#isWaiting) this.#finish();
    }
  }

  #nextSlice(): Buffer {
    const parts: Buffer[] = [];
    let length = 0;
    while (this.#queueStart < this.#queue.length && length < SLICE_BYTES) {
      const part = encodedEvent(this.#view, this.#queue[this.#queueStart++] as WatchEvent, this.#isFirst);
      this.#isFirst = false;
      parts.push(part);
      length += part.length;
    }
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, length);
  }

  /** Writes; when there is more to come or the outlet is full, waits for a later turn. */
  #write(bytes: Buffer): void {
    this.#outlet.write(bytes);
    if (bytes.length < SLICE_BYTES && this.#outlet.bufferedBytes < OUTLET_LIMIT_BYTES) return;
    this.#isWaiting = true;
    this.#outlet.onReady(() => {
      this.#isWaiting = false;
      this.#pump();
    });
  }

  #overflow(): void {
    const versions = this.#queue.map((event) =>
      event.type === "BOOKMARK" ? event.resourceVersion : event.object.metadata.resourceVersion,
    );
    this.#queue = [];
    this.#queueStart = 0;
    this.#endWithError(expired(Number(versions[0]), Number(versions.at(-1))));
  }

  #endWithError(error: ApiError): void {
    this.#outlet.write(`{"type":"ERROR","object":${JSON.stringify(error.toStatus())}}\n`);
    this.#outlet.end();
    this.#clock.after(LINGER_MS, () => this.#outlet.destroy());
    this.#stop();
  }

  /** Lets what is queued go out first. */
  #finishWith(finish: () => void): void {
    if (this.#ended || this.#finish !== undefined) return;
    this.#timer?.cancel();
    this.#watch?.close();
    this.#finish = () => {
      finish();
      this.#stop();
    };
    if (!this.#isWaiting && this.#queueStart >= this.#queue.length) this.#finish();
  }

  #stop(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#queue = [];
    this.#timer?.cancel();
    this.#watch?.close();
    this.#onEnd();
  }
}

/** Larger batches go out in slices. */
const SHARED_BATCH_MAX = 64;

/** Encoded batches and events by view, dropped with the batch or event itself. */
const batches = new WeakMap<readonly WatchEvent[], Map<string, Buffer>>();
const events = new WeakMap<WatchEvent, Map<string, Buffer>>();

/** Watchers of the same events are handed the same batch, and then the same bytes. */
function encodedBatch(view: View, batch: readonly WatchEvent[]): Buffer {
  if (batch.length === 1) return encodedEvent(view, batch[0] as WatchEvent, false);
  return remember(batches, batch, view.id, () =>
    Buffer.concat(batch.map((event) => encodedEvent(view, event, false))),
  );
}

function encodedEvent(view: View, event: WatchEvent, isFirst: boolean): Buffer {
  return remember(events, event, isFirst ? `${view.id}/first` : view.id, () => encode(view, event, isFirst));
}

function remember<K extends object>(
  memory: WeakMap<K, Map<string, Buffer>>,
  key: K,
  id: string,
  make: () => Buffer,
): Buffer {
  let byView = memory.get(key);
  if (byView === undefined) {
    byView = new Map();
    memory.set(key, byView);
  }
  let bytes = byView.get(id);
  if (bytes === undefined) {
    bytes = make();
    byView.set(id, bytes);
  }
  return bytes;
}

const LINE_END = Buffer.from("}\n");
const INITIAL_END = { "k8s.io/initial-events-end": "true" };

function encode(view: View, event: WatchEvent, isFirst: boolean): Buffer {
  if (event.type === "BOOKMARK") {
    const { resourceVersion, initial } = event;
    const annotations = initial ? { annotations: INITIAL_END } : {};
    const object = view.bookmark({ resourceVersion, creationTimestamp: null, ...annotations });
    return Buffer.from(`{"type":"BOOKMARK","object":${object}}\n`);
  }
  const object = view.eventObject(event.object, isFirst);
  const head = `{"type":"${event.type}","object":`;
  if (typeof object === "string") return Buffer.from(`${head}${object}}\n`);
  return Buffer.concat([Buffer.from(head), object, LINE_END]);
}
