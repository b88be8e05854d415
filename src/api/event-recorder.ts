import type { Clock } from "../clock/clock.ts";
import type { Random } from "../lib/random.ts";
import { isReason } from "./errors.ts";
import { type Event, events, type ObjectReference } from "./kinds/event.ts";
import { type KubeObject, timestamp } from "./meta.ts";
import type { Objects } from "./objects.ts";

/** At least so many distinct events are remembered for counting repeats; older ones start a new Event object. */
const REMEMBERED = 4_096;

interface Remembered {
  readonly namespace: string;
  readonly name: string;
  count: number;
}

/**
 * Writes Events about objects, as client-go's recorder does: a repeat of the same event raises the count of the one
 * there is. Recording never fails its caller and is not waited for.
 */
export class EventRecorder {
  readonly #objects: Objects;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #component: string;
  readonly #onError: (error: unknown) => void;
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
  }

  /** Records something about an object; `host` is the node it happened on. */
  record(
    object: KubeObject,
    type: "Normal" | "Warning",
    reason: string,
    message: string,
    host?: string,
  ): void {
    const { metadata, kind, apiVersion } = object;
    const involvedObject: ObjectReference = {
      kind,
      apiVersion,
      name: metadata.name,
      // Events about a Node carry the node's name as uid: kubectl describe asks for both.
      uid: metadata.uid,
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
    };
    const same = `${metadata.uid}\n${type}\n${reason}\n${message}`;
    const known = this.#remembered.get(same) ?? this.#rememberedBefore.get(same);
    const done =
      known === undefined
        ? this.#create(same, involvedObject, type, reason, message, host)
        : this.#repeat(same, known, () => this.#create(same, involvedObject, type, reason, message, host));
    done.catch((error: unknown) => {
      // In a namespace that is being deleted nothing new may be written, and nobody would read it.
      if (!isReason(error, "Forbidden")) this.#onError(error);
    });
  }

  async #create(
    same: string,
    involvedObject: ObjectReference,
    type: "Normal" | "Warning",
    reason: string,
    message: string,
    host: string | undefined,
  ): Promise<void> {
    const now = timestamp(this.#clock.now());
    const namespace = involvedObject.namespace ?? "default";
    const suffix = this.#random
      .below(2 ** 48)
      .toString(16)
      .padStart(16, "0");
    const name = `${involvedObject.name}.${suffix}`;
    this.#remember(same, { namespace, name, count: 1 });
    await this.#objects.create<Event>(events, {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name, namespace },
      involvedObject,
      type,
      reason,
      message,
      source: { component: this.#component, ...(host !== undefined && { host }) },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      reportingComponent: this.#component,
      reportingInstance: host ?? "",
    });
  }

  async #repeat(same: string, known: Remembered, createAnew: () => Promise<void>): Promise<void> {
    known.count++;
    const key = { namespace: known.namespace, name: known.name };
    const patch = { count: known.count, lastTimestamp: timestamp(this.#clock.now()) };
    try {
      await this.#objects.patch(events, key, { type: "merge", patch });
    } catch (error) {
      if (!isReason(error, "NotFound")) throw error;
      this.#remembered.delete(same);
      this.#rememberedBefore.delete(same);
      await createAnew();
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
