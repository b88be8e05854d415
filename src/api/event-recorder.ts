import type { Clock } from "../clock/clock.ts";
import { Queue } from "../lib/queue.ts";
import type { Random } from "../lib/random.ts";
import { TokenBucket } from "../lib/token-bucket.ts";
import { isReason } from "./errors.ts";
import { type Event, events, type ObjectReference } from "./kinds/event.ts";
import { type Draft, type KubeObject, timestamp } from "./meta.ts";
import type { Objects } from "./objects.ts";

/** At least so many distinct events are remembered for counting repeats; older ones start a new Event object. */
const REMEMBERED = 4_096;
/** Written at once, then so many more each period: a storm of events must not hold up what they tell about. */
const BURST = 100;
const PERIOD_MS = 25;
/** What waits to be written beyond this is dropped, oldest first, as client-go drops what its queue cannot hold. */
const WAITING_MAX = 50_000;

/** Details are told of so many things at once, and then so many more each second. */
const DETAILS_AT_ONCE = 300;
const DETAILS_PER_SECOND = 30;

/** Where something happened. */
export interface EventPlace {
  /** The node. */
  readonly host?: string | undefined;
  /** The part of the object: `spec.containers{web}`. */
  readonly fieldPath?: string | undefined;
}

/** Something that happened, to be written. */
interface Happening {
  readonly involvedObject: ObjectReference;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  readonly host: string | undefined;
  readonly atMs: number;
}

interface Remembered {
  readonly namespace: string;
  readonly name: string;
  count: number;
}

/**
 * Writes Events about objects, as client-go's recorder does: in the background, at a bounded rate, and a repeat of the
 * same event raises the count of the one there is. Recording never fails its caller and is not waited for.
 */
export class EventRecorder {
  readonly #objects: Objects;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #component: string;
  readonly #onError: (error: unknown) => void;
  readonly #waiting = new Queue<Happening>();
  readonly #details: TokenBucket;
  #isArmed = false;
  #written = 0;
  #remembered = new Map<string, Remembered>();
  #rememberedBefore = new Map<string, Remembered>();

  constructor(context: {
    readonly objects: Objects;
    readonly clock: Clock;
    readonly random: Random;
    readonly component: string;
    readonly onError: (error: unknown) => void;
  }) {
    this.#objects = context.objects;
    this.#clock = context.clock;
    this.#random = context.random.stream(`events/${context.component}`);
    this.#component = context.component;
    this.#onError = context.onError;
    this.#details = new TokenBucket(DETAILS_AT_ONCE, DETAILS_PER_SECOND, context.clock.monotonicMs());
  }

  /** Whether so many events may be recorded that are details: in a storm they must not add to it. */
  allows(details: number): boolean {
    return this.#objects.writesEvents !== false && this.#details.take(details, this.#clock.monotonicMs());
  }

  /** Records something about an object. */
  record(
    object: KubeObject,
    type: "Normal" | "Warning",
    reason: string,
    message: string,
    { host, fieldPath }: EventPlace = {},
  ): void {
    if (this.#objects.writesEvents === false) return;
    const { metadata, kind, apiVersion } = object;
    const involvedObject: ObjectReference = {
      kind,
      apiVersion,
      name: metadata.name,
      uid: metadata.uid,
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      ...(fieldPath !== undefined && { fieldPath }),
    };
    if (this.#waiting.size >= WAITING_MAX) this.#waiting.shift();
    this.#waiting.push({ involvedObject, type, reason, message, host, atMs: this.#clock.now() });
    this.#arm(0);
  }

  #arm(delayMs: number): void {
    if (this.#isArmed) return;
    this.#isArmed = true;
    this.#clock.after(delayMs, () => {
      this.#isArmed = false;
      this.#writeSome();
    });
  }

  #writeSome(): void {
    for (let written = 0; written < BURST && this.#waiting.size > 0; written++) {
      this.#write(this.#waiting.shift() as Happening).catch((error: unknown) => {
        // In a namespace that is being deleted nothing new may be written, and nobody would read it.
        if (!isReason(error, "Forbidden")) this.#onError(error);
      });
    }
    if (this.#waiting.size > 0) this.#arm(PERIOD_MS);
  }

  #write(happening: Happening): Promise<void> {
    const { involvedObject, type, reason, message } = happening;
    const same = `${involvedObject.uid}\n${type}\n${reason}\n${message}`;
    const known = this.#remembered.get(same) ?? this.#rememberedBefore.get(same);
    return known === undefined ? this.#create(same, happening) : this.#repeat(same, known, happening);
  }

  async #create(same: string, happening: Happening): Promise<void> {
    const { involvedObject, type, reason, message, host, atMs } = happening;
    const namespace = involvedObject.namespace ?? "default";
    const name = `${involvedObject.name}.${this.#nanoseconds(atMs).toString(16)}`;
    const at = timestamp(atMs);
    this.#remember(same, { namespace, name, count: 1 });
    const event: Draft<Event> = {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name, namespace },
      involvedObject,
      type,
      reason,
      message,
      source: { component: this.#component, ...(host !== undefined && { host }) },
      firstTimestamp: at,
      lastTimestamp: at,
      count: 1,
      reportingComponent: this.#component,
      reportingInstance: host ?? "",
    };
    try {
      await this.#objects.create(events, event);
    } catch (error) {
      if (!isReason(error, "AlreadyExists")) throw error;
      // Somebody else has told something about the object at the very same time.
      await this.#create(same, happening);
    }
  }

  /** Names of events end with their time, as client-go's do: lists have them in order. Chance parts recorders. */
  #nanoseconds(atMs: number): bigint {
    this.#written = (this.#written + 1) % 1_000;
    return BigInt(Math.floor(atMs)) * 1_000_000n + BigInt(this.#written * 1_000 + this.#random.below(1_000));
  }

  async #repeat(same: string, known: Remembered, happening: Happening): Promise<void> {
    known.count++;
    const key = { namespace: known.namespace, name: known.name };
    const patch = { count: known.count, lastTimestamp: timestamp(happening.atMs) };
    try {
      await this.#objects.patch(events, key, { type: "merge", patch });
    } catch (error) {
      if (!isReason(error, "NotFound")) throw error;
      this.#remembered.delete(same);
      this.#rememberedBefore.delete(same);
      await this.#create(same, happening);
    }
  }

  /** Two generations instead of one map with an eviction per event: the elder one is dropped as a whole. */
  #remember(same: string, event: Remembered): void {
    if (this.#remembered.size >= REMEMBERED) {
      this.#rememberedBefore = this.#remembered;
      this.#remembered = new Map();
    }
    this.#remembered.set(same, event);
  }
}
