import type { ChaosEvent } from "../../chaos/events.ts";

/**
 * What of a history makes room or takes it, beside the inputs themselves: these must stand in the same order to inputs
 * as they did, for the scheduler to see the same. Undefined for the rest.
 */
export function milestoneOf(event: ChaosEvent): string | undefined {
  switch (event.type) {
    case "node-ready":
    case "node-not-ready":
      return `${event.type} ${event.node}`;
    case "pod-bound":
    case "pod-evicted":
      return `${event.type} ${event.pod} ${event.node}`;
    case "pod-removed":
      return `${event.type} ${event.pod}`;
    case "pod-phase":
      return event.phase === "Succeeded" || event.phase === "Failed" ? `ended ${event.pod}` : undefined;
    default:
      return undefined;
  }
}

/** Which of the recorded milestones have been reached here, and which here have not been recorded yet. */
export class Milestones {
  /** Recorded so far less reached here, by milestone. */
  readonly #owed = new Map<string, number>();
  /** When each that came before it was recorded was reached here, ms. */
  readonly #early = new Map<string, number>();
  #missing = 0;

  /** All that was recorded so far has been reached. */
  get isCaughtUp(): boolean {
    return this.#missing === 0;
  }

  recorded(event: ChaosEvent): void {
    const milestone = milestoneOf(event);
    if (milestone !== undefined) this.#count(milestone, 1, 0);
  }

  reached(event: ChaosEvent, nowMs: number): void {
    const milestone = milestoneOf(event);
    if (milestone !== undefined) this.#count(milestone, -1, nowMs);
  }

  /** When the first that was recorded later, but came earlier here, was reached; bindings follow from the others. */
  earliestMs(): number | undefined {
    const times = [...this.#early].flatMap(([milestone, t]) =>
      milestone.startsWith("pod-bound") ? [] : [t],
    );
    return times.length === 0 ? undefined : Math.min(...times);
  }

  #count(milestone: string, change: 1 | -1, nowMs: number): void {
    const before = this.#owed.get(milestone) ?? 0;
    const after = before + change;
    if (after === 0) this.#owed.delete(milestone);
    else this.#owed.set(milestone, after);
    this.#missing += Math.max(0, after) - Math.max(0, before);
    if (after >= 0) this.#early.delete(milestone);
    else if (!this.#early.has(milestone)) this.#early.set(milestone, nowMs);
  }
}
