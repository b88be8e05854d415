import type { Clock, Timer } from "../../clock/clock.ts";
import type { EventStream } from "../event-stream.ts";
import type { CheckRole } from "../events.ts";
import { type Condition, compares, readingValue } from "./condition.ts";

/** What a condition says now. */
export interface Finding {
  readonly condition: Condition;
  readonly holds: boolean;
  readonly value: number;
}

/**
 * Follows conditions as the cluster changes. What is true when it begins to be watched counts for a steady condition
 * as true since long ago, and for an abort condition as true from now on.
 */
export class ConditionWatch {
  readonly #stream: EventStream;
  readonly #clock: Clock;
  readonly #role: CheckRole;
  readonly #followed: Followed[];
  readonly #onChange: (finding: Finding) => void;
  #timer: Timer | undefined;

  constructor(
    context: { readonly stream: EventStream; readonly clock: Clock },
    conditions: readonly Condition[],
    role: CheckRole,
    onChange: (finding: Finding) => void,
  ) {
    this.#stream = context.stream;
    this.#clock = context.clock;
    this.#role = role;
    this.#onChange = onChange;
    this.#followed = conditions.map((condition) => ({
      condition,
      trueSinceMs: undefined,
      holds: undefined,
      remainingMs: Number.POSITIVE_INFINITY,
    }));
  }

  /** Looks at all conditions; tells of those that changed. The first look tells of none. */
  update(): readonly Finding[] {
    this.#timer?.cancel();
    const findings = this.#followed.map((followed) => this.#look(followed));
    const nextMs = Math.min(...this.#followed.map(({ remainingMs }) => remainingMs));
    if (nextMs < Number.POSITIVE_INFINITY) this.#timer = this.#clock.after(nextMs, () => this.update());
    return findings;
  }

  /** No more wake-ups. */
  stop(): void {
    this.#timer?.cancel();
  }

  #look(followed: Followed): Finding {
    const { condition } = followed;
    const now = this.#stream.elapsedMs();
    const value = readingValue(condition, this.#stream.ledger.reading(condition.metric));
    const isTrue = compares(condition, value);
    if (!isTrue) followed.trueSinceMs = undefined;
    else if (followed.trueSinceMs === undefined) {
      const alwaysWas = followed.holds === undefined && this.#role === "steady";
      followed.trueSinceMs = alwaysWas ? Number.NEGATIVE_INFINITY : now;
    }
    const remainingMs = condition.forMs - (now - (followed.trueSinceMs ?? now));
    const holds = isTrue && remainingMs <= 0;
    followed.remainingMs = isTrue && !holds ? remainingMs : Number.POSITIVE_INFINITY;
    const finding = { condition, holds, value };
    const before = followed.holds;
    followed.holds = holds;
    if (before !== undefined && before !== holds) this.#onChange(finding);
    return finding;
  }
}

interface Followed {
  readonly condition: Condition;
  trueSinceMs: number | undefined;
  /** What it was found to be last; undefined before the first look. */
  holds: boolean | undefined;
  /** Until it holds if nothing changes; infinite when nothing is to be waited for. */
  remainingMs: number;
}
