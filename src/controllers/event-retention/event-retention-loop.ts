import { isReason } from "../../api/errors.ts";
import { Informer } from "../../api/informer.ts";
import { type Event, events } from "../../api/kinds/event.ts";
import { keyOf, keyText, type ObjectKey } from "../../api/meta.ts";
import { Queue } from "../../lib/queue.ts";
import { Alarm } from "../alarm.ts";
import type { ControllerContext } from "../controller.ts";

/** kube-apiserver's --event-ttl. */
const LIFETIME_MS = 3_600_000;
/** No more Events than this are kept. */
const LIMIT = 50_000;

interface Kept {
  readonly key: ObjectKey;
  readonly text: string;
  /** When it has to go (monotonic ms). */
  readonly untilMs: number;
}

/** The loop of the event-retention controller. Each Event costs one map entry and, in the end, one delete. */
export class EventRetentionLoop {
  readonly #context: ControllerContext;
  readonly #informer: Informer<Event>;
  readonly #alarm: Alarm;
  /** What is kept, by name. */
  readonly #kept = new Map<string, Kept>();
  /** In the order in which they were last written, which is the order in which they go; some are out of date. */
  readonly #order = new Queue<Kept>();
  #isSweeping = false;
  #isStopped = false;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#alarm = new Alarm(context.clock, () => this.#sweep());
    this.#informer = new Informer(context.objects, context.clock, events, {
      changed: (before, after) => this.#changed(before, after),
      settled: () => this.#settled(),
    });
  }

  async start(): Promise<void> {
    const known = await this.#context.objects.list(events);
    const { clock } = this.#context;
    const aged = known.items.map((event) => ({ event, ageMs: clock.now() - lastSeenMs(event) }));
    for (const { event, ageMs } of aged.sort((a, b) => b.ageMs - a.ageMs))
      this.#keep(event, Math.max(0, ageMs));
    await this.#informer.start();
  }

  stop(): void {
    this.#isStopped = true;
    this.#alarm.cancel();
    this.#informer.stop();
  }

  #changed(before: Event | undefined, after: Event | undefined): void {
    const text = keyText(keyOf((after ?? before) as Event));
    const isNews = before !== undefined || !this.#kept.has(text);
    if (!isNews) return;
    this.#kept.delete(text);
    if (after !== undefined) this.#keep(after, 0);
  }

  #settled(): void {
    if (this.#kept.size > LIMIT) this.#sweep();
    else this.#armForOldest();
  }

  #armForOldest(): void {
    const next = this.#oldest();
    if (next !== undefined && !this.#isStopped) this.#alarm.set(next.untilMs);
  }

  #keep(event: Event, ageMs: number): void {
    const key = keyOf(event);
    const untilMs = this.#context.clock.monotonicMs() + Math.max(0, LIFETIME_MS - ageMs);
    const kept = { key, text: keyText(key), untilMs };
    this.#kept.set(kept.text, kept);
    this.#order.push(kept);
  }

  #sweep(): void {
    if (this.#isSweeping || this.#isStopped) return;
    this.#isSweeping = true;
    this.#removeDue()
      .catch(this.#context.onError)
      .finally(() => {
        this.#isSweeping = false;
        this.#armForOldest();
      });
  }

  async #removeDue(): Promise<void> {
    for (let oldest = this.#oldest(); oldest !== undefined; oldest = this.#oldest()) {
      const isDue = oldest.untilMs <= this.#context.clock.monotonicMs();
      if (this.#isStopped || (!isDue && this.#kept.size <= LIMIT)) return;
      this.#kept.delete(oldest.text);
      try {
        await this.#context.objects.delete(events, oldest.key);
      } catch (error) {
        if (!isReason(error, "NotFound")) throw error;
      }
    }
  }

  #oldest(): Kept | undefined {
    for (let first = this.#order.peek(); first !== undefined; first = this.#order.peek()) {
      if (this.#kept.get(first.text) === first) return first;
      this.#order.shift();
    }
    return undefined;
  }
}

function lastSeenMs({ lastTimestamp, eventTime, metadata }: Event): number {
  return Date.parse(lastTimestamp ?? eventTime ?? metadata.creationTimestamp);
}
