import { EventRecorder } from "../../api/event-recorder.ts";
import type { KubeObject } from "../../api/meta.ts";
import type { ControllerContext } from "../controller.ts";

/** client-go's EventCorrelator: so many distinct texts of one reason within the interval, then one for the rest. */
const DISTINCT = 10;
const INTERVAL_MS = 600_000;
/** So many events about one object at once; after that one in five minutes. */
const BURST = 25;
const REFILL_MS = 300_000;
const REMEMBERED = 4_096;

interface Spoken {
  tokens: number;
  refilledMs: number;
  readonly texts: Map<string, { readonly seen: Set<string>; combined: string | undefined; sinceMs: number }>;
}

/** Records events about owners of many objects, as many of them as Kubernetes would write. */
export class BurstRecorder {
  readonly #recorder: EventRecorder;
  readonly #context: ControllerContext;
  #spoken = new Map<string, Spoken>();
  #spokenBefore = new Map<string, Spoken>();

  constructor(context: ControllerContext, component: string) {
    this.#context = context;
    this.#recorder = new EventRecorder({ ...context, component });
  }

  /** As EventRecorder.record; events that are too many are combined, then dropped. */
  record(object: KubeObject, type: "Normal" | "Warning", reason: string, message: string): void {
    const spoken = this.#of(object.metadata.uid);
    const text = this.#combine(spoken, type, reason, message);
    if (this.#takeToken(spoken)) this.#recorder.record(object, type, reason, text);
  }

  #combine(spoken: Spoken, type: string, reason: string, message: string): string {
    const nowMs = this.#context.clock.monotonicMs();
    const key = `${type}\n${reason}`;
    let same = spoken.texts.get(key);
    if (same === undefined || nowMs - same.sinceMs > INTERVAL_MS) {
      same = { seen: new Set(), combined: undefined, sinceMs: nowMs };
      spoken.texts.set(key, same);
    }
    same.sinceMs = nowMs;
    if (same.seen.has(message)) return message;
    if (same.seen.size >= DISTINCT - 1) {
      same.combined ??= `(combined from similar events): ${message}`;
      return same.combined;
    }
    same.seen.add(message);
    return message;
  }

  #takeToken(spoken: Spoken): boolean {
    const nowMs = this.#context.clock.monotonicMs();
    const refill = Math.floor((nowMs - spoken.refilledMs) / REFILL_MS);
    if (refill > 0) {
      spoken.tokens = Math.min(BURST, spoken.tokens + refill);
      spoken.refilledMs += refill * REFILL_MS;
    }
    if (spoken.tokens === 0) return false;
    spoken.tokens--;
    return true;
  }

  /** Two generations, as in EventRecorder: the elder one is dropped as a whole. */
  #of(uid: string): Spoken {
    const known = this.#spoken.get(uid) ?? this.#spokenBefore.get(uid);
    const spoken = known ?? {
      tokens: BURST,
      refilledMs: this.#context.clock.monotonicMs(),
      texts: new Map(),
    };
    if (this.#spoken.size >= REMEMBERED) {
      this.#spokenBefore = this.#spoken;
      this.#spoken = new Map();
    }
    this.#spoken.set(uid, spoken);
    return spoken;
  }
}
