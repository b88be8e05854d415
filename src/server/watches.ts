import { ApiError, expired } from "../api/errors.ts";
import type { Kind } from "../api/kind.ts";
import type { KubeObject } from "../api/meta.ts";
import type { Watch, WatchEvent, WatchObserver } from "../api/objects.ts";
import type { Clock, Timer } from "../clock/clock.ts";
import type { Outlet } from "./answer.ts";
import type { View } from "./view.ts";

/** A watcher that leaves more than this unread is closed with 410 rather than fed a gap. */
const BACKLOG_LIMIT_BYTES = 8 * 1024 * 1024;
/** What is joined into one write. */
const SLICE_BYTES = 128 * 1024;
/** A client that does not even read the end of its watch is cut off after this time. */
const LINGER_MS = 10_000;

/** Starts the watch once the stream is open. */
type Start = (observer: WatchObserver<KubeObject>) => Watch;

/** What a watch needs of its server. */
export interface WatchStreamOptions {
  readonly outlet: Outlet;
  readonly kind: Kind;
  readonly view: View;
  readonly clock: Clock;
  /** Told when the stream is over, whatever ended it. */
  readonly onEnd: () => void;
  /** Told about defects; the stream is then broken off. */
  readonly onError: (error: unknown) => void;
}

/**
 * One watch on its way to one client. Events wait here, as references to shared and immutable objects, until the
 * outlet's next turn, and then go out in one write; each is encoded once per view, for all watchers.
 */
export class WatchStream {
  readonly #options: WatchStreamOptions;
  #watch: Watch | undefined;
  #timer: Timer | undefined;
  #queue: WatchEvent[] = [];
  #queueStart = 0;
  /** Bytes of queued events that came when the outlet was full already. */
  #backlogBytes = 0;
  #isFirst = true;
  #isWaiting = false;
  #ended = false;
  #finish: (() => void) | undefined;

  constructor(options: WatchStreamOptions) {
    this.#options = options;
  }

  get kind(): Kind {
    return this.#options.kind;
  }

  /** Runs until the client leaves, the time is over or the watch ends by itself. */
  start(start: Start, timeoutMs: number): void {
    this.#options.outlet.onClose(() => this.#stop());
    this.#timer = this.#options.clock.after(timeoutMs, () => this.end());
    try {
      this.#watch = start({
        events: (batch) => this.#take(batch),
        closed: (error) => (error === undefined ? this.end() : this.#fail(error)),
      });
    } catch (error) {
      if (error instanceof ApiError) this.#fail(error);
      else this.#breakOff(error);
    }
    // It may have ended before `watch` returned.
    if (this.#ended) this.#watch?.close();
  }

  /** Ends the stream cleanly after what is queued. */
  end(): void {
    this.#finishWith(() => this.#options.outlet.end());
  }

  #fail(error: ApiError): void {
    this.#finishWith(() => this.#endWithError(error));
  }

  #take(batch: readonly WatchEvent[]): void {
    if (this.#ended || this.#finish !== undefined) return;
    for (const event of batch) this.#queue.push(event);
    if (this.#options.outlet.isFull) this.#countBacklog(batch);
    this.#pumpSoon();
  }

  #countBacklog(batch: readonly WatchEvent[]): void {
    for (const event of batch) this.#backlogBytes += encodedEvent(this.#options.view, event, false).length;
    if (this.#backlogBytes > BACKLOG_LIMIT_BYTES) this.#overflow();
  }

  #pumpSoon(): void {
    if (this.#isWaiting || this.#ended) return;
    this.#isWaiting = true;
    this.#options.outlet.onReady(() => {
      this.#isWaiting = false;
      try {
        this.#pump();
      } catch (error) {
        this.#breakOff(error);
      }
    });
  }

  #pump(): void {
    if (this.#ended) return;
    if (this.#queueStart < this.#queue.length) this.#options.outlet.write(this.#nextSlice());
    if (this.#queueStart < this.#queue.length) {
      this.#pumpSoon();
      return;
    }
    this.#clearQueue();
    this.#finish?.();
  }

  #nextSlice(): Buffer {
    const parts: Buffer[] = [];
    let length = 0;
    while (this.#queueStart < this.#queue.length && length < SLICE_BYTES) {
      const event = this.#queue[this.#queueStart++] as WatchEvent;
      const part = encodedEvent(this.#options.view, event, this.#isFirst);
      this.#isFirst = false;
      parts.push(part);
      length += part.length;
    }
    this.#backlogBytes = Math.max(0, this.#backlogBytes - length);
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, length);
  }

  #overflow(): void {
    const first = versionOf(this.#queue[this.#queueStart] as WatchEvent);
    const last = versionOf(this.#queue.at(-1) as WatchEvent);
    this.#endWithError(expired(first, last));
  }

  #endWithError(error: ApiError): void {
    const { outlet, clock } = this.#options;
    outlet.write(`{"type":"ERROR","object":${JSON.stringify(error.toStatus())}}\n`);
    outlet.end();
    const cutOff = clock.after(LINGER_MS, () => outlet.destroy());
    outlet.onClose(() => cutOff.cancel());
    this.#stop();
  }

  #breakOff(error: unknown): void {
    this.#options.onError(error);
    this.#options.outlet.destroy();
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
    if (!this.#isWaiting) this.#finish();
  }

  #stop(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#clearQueue();
    this.#timer?.cancel();
    this.#watch?.close();
    this.#options.onEnd();
  }

  #clearQueue(): void {
    this.#queue = [];
    this.#queueStart = 0;
    this.#backlogBytes = 0;
  }
}

function versionOf(event: WatchEvent): number {
  return Number(event.type === "BOOKMARK" ? event.resourceVersion : event.object.metadata.resourceVersion);
}

/** Encoded events by view; they go when the event goes. */
const encodings = new WeakMap<WatchEvent, Map<string, Buffer>>();

/** Watchers of the same changes are handed the same events, and so share the bytes. */
function encodedEvent(view: View, event: WatchEvent, isFirst: boolean): Buffer {
  const isMarked = isFirst && view.marksFirst;
  const id = isMarked ? `${view.id}/first` : view.id;
  let byView = encodings.get(event);
  if (byView === undefined) {
    byView = new Map();
    encodings.set(event, byView);
  }
  let bytes = byView.get(id);
  if (bytes === undefined) {
    bytes = encode(view, event, isMarked);
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
