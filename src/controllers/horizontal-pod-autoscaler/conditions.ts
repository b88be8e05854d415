import { type Condition, timestamp } from "../../api/meta.ts";
import type { Settled } from "./scaling-behavior.ts";

/** The conditions of an autoscaler, as they are put together in one look at it. */
export class Conditions {
  readonly #before: readonly Condition[];
  readonly #now: number;
  readonly #all = new Map<string, Condition>();

  constructor(before: readonly Condition[] | undefined, now: number) {
    this.#before = before ?? [];
    this.#now = now;
    for (const condition of this.#before) this.#all.set(condition.type, condition);
  }

  set(type: string, isTrue: boolean, reason: string, message: string): void {
    const status = isTrue ? "True" : "False";
    const before = this.#before.find((each) => each.type === type);
    const since = before?.status === status ? before.lastTransitionTime : undefined;
    this.#all.set(type, { type, status, lastTransitionTime: since ?? timestamp(this.#now), reason, message });
  }

  /** What held a recommendation back. */
  settled({ stabilized, limit }: Settled): void {
    if (stabilized === undefined) {
      this.set("AbleToScale", true, "ReadyForNewScale", "recommended size matches current size");
    } else {
      const [than, apply] = stabilized === "ScaleUpStabilized" ? ["lower", "lowest"] : ["higher", "highest"];
      const recent = `recent recommendations were ${than} than current one`;
      const message = `${recent}, applying the ${apply} recent recommendation`;
      this.set("AbleToScale", true, stabilized, message);
    }
    const reason = limit ?? "DesiredWithinRange";
    this.set("ScalingLimited", limit !== undefined, reason, LIMIT_MESSAGES[reason]);
  }

  all(): readonly Condition[] {
    return [...this.#all.values()];
  }
}

const LIMIT_MESSAGES: Readonly<Record<NonNullable<Settled["limit"]> | "DesiredWithinRange", string>> = {
  ScaleUpLimit: "the desired replica count is increasing faster than the maximum scale rate",
  ScaleDownLimit: "the desired replica count is decreasing faster than the maximum scale rate",
  TooManyReplicas: "the desired replica count is more than the maximum replica count",
  TooFewReplicas: "the desired replica count is less than the minimum replica count",
  DesiredWithinRange: "the desired count is within the acceptable range",
};
