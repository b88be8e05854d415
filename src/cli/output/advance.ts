import type { ClockAdvanceStatus } from "../../api/kinds/cluster-clock.ts";
import { formatDuration } from "../../lib/duration.ts";

/** `advanced 5m in 1,203 events: pods 12 started, 3 deleted; 40 objects changed`. */
export function advanceText(status: ClockAdvanceStatus): string {
  const pods = POD_WORDS.filter((word) => (status.pods[word] ?? 0) > 0);
  const podText = pods.map((word) => `${count(status.pods[word] ?? 0)} ${word}`).join(", ");
  const changed = Object.values(status.changes).reduce((sum, one) => sum + one, 0);
  return (
    `advanced ${formatDuration(status.advancedMs)} in ${count(status.events)} events: ` +
    `${podText === "" ? "no pod changed its phase" : `pods ${podText}`}; ${count(changed)} changes of objects`
  );
}

/** The sum of two parts of one advance. */
export function joined(a: ClockAdvanceStatus | undefined, b: ClockAdvanceStatus): ClockAdvanceStatus {
  if (a === undefined) return b;
  return {
    from: a.from,
    to: b.to,
    advancedMs: a.advancedMs + b.advancedMs,
    reached: b.reached,
    events: a.events + b.events,
    changes: sums(a.changes, b.changes),
    pods: sums(a.pods, b.pods),
  };
}

/** In the order of a pod's life. */
const POD_WORDS = ["created", "scheduled", "started", "succeeded", "failed", "deleted"];

function sums(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const sum: Record<string, number> = { ...a };
  for (const [name, value] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + value;
  return sum;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
