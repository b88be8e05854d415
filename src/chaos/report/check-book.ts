import type { Condition } from "../conditions/condition.ts";
import { worse } from "../conditions/condition.ts";
import type { ChaosEvent } from "../events.ts";
import type { CheckResult } from "./report.ts";

const WEIGHT = { critical: 3, warning: 1 } as const;

/** Follows one steady condition. */
interface Followed {
  readonly condition: Condition;
  passes: number;
  failures: number;
  firstFailureMs: number | null;
  worstValue: number | null;
  violatedMs: number;
  violatedSinceMs: number | undefined;
}

/** Follows the steady conditions. A violation seen between two checks counts as a failed check too. */
export class CheckBook {
  readonly #followed: Map<string, Followed>;
  #firstMs: number | undefined;

  constructor(conditions: readonly Condition[]) {
    this.#followed = new Map(
      conditions.map((condition) => [
        condition.text,
        {
          condition,
          passes: 0,
          failures: 0,
          firstFailureMs: null,
          worstValue: null,
          violatedMs: 0,
          violatedSinceMs: undefined,
        },
      ]),
    );
  }

  see(event: ChaosEvent): void {
    if (event.type !== "check" && event.type !== "condition-changed") return;
    if (event.type === "condition-changed" && event.role !== "steady") return;
    const followed = this.#followed.get(event.condition);
    if (followed === undefined) return;
    this.#firstMs ??= event.t;
    const { condition } = followed;
    const { holds, value, t } = event;
    followed.worstValue = followed.worstValue === null ? value : worse(condition, followed.worstValue, value);
    if (event.type === "check" && holds) followed.passes++;
    if (!holds) {
      followed.failures++;
      followed.firstFailureMs ??= t;
    }
    if (event.type === "check") return;
    if (!holds) followed.violatedSinceMs ??= t;
    else this.#endViolation(followed, t);
  }

  results(endMs: number): readonly CheckResult[] {
    return [...this.#followed.values()].map((followed) => {
      this.#endViolation(followed, endMs);
      const { condition, passes, failures, firstFailureMs, worstValue, violatedMs } = followed;
      const watchedMs = endMs - (this.#firstMs ?? endMs);
      return {
        condition: condition.text,
        severity: condition.severity,
        passes,
        failures,
        firstFailureMs,
        worstValue,
        violatedMs,
        burn: watchedMs > 0 ? violatedMs / watchedMs : 0,
        held: failures === 0,
      };
    });
  }

  #endViolation(followed: Followed, t: number): void {
    if (followed.violatedSinceMs === undefined) return;
    followed.violatedMs += t - followed.violatedSinceMs;
    followed.violatedSinceMs = undefined;
  }
}

/** Weighted share of checks passed, 0 to 100; null when nothing was checked. */
export function resilienceScoreOf(checks: readonly CheckResult[]): number | null {
  const done = checks.filter(({ passes, failures }) => passes + failures > 0);
  const total = done.reduce((sum, { severity }) => sum + WEIGHT[severity], 0);
  if (total === 0) return null;
  const passed = done.reduce(
    (sum, { severity, passes, failures }) => sum + (WEIGHT[severity] * passes) / (passes + failures),
    0,
  );
  return (100 * passed) / total;
}
