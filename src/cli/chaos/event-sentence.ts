import type { ChaosEvent } from "../../chaos/events.ts";

/** An event in words, for the live view's log; undefined for those that are not worth a line. */
export function eventSentence(event: ChaosEvent): string | undefined {
  switch (event.type) {
    case "leftovers-healed":
      return `healed ${event.faults} faults that an earlier run left`;
    case "fault-planned":
      return `tick ${event.tick}: ${event.node} would fail (${event.fault})`;
    case "recovery-planned":
      return `tick ${event.tick}: ${event.node} would recover`;
    case "fault-injected":
      return `${event.node} fails (${event.fault})`;
    case "node-healed":
      return `${event.node} is healed`;
    case "node-not-ready":
      return `${event.node} is noticed: not ready`;
    case "node-ready":
      return `${event.node} is ready again`;
    case "pod-evicted":
      return `${event.pod} leaves ${event.node}`;
    case "pod-bound":
      return `${event.pod} goes to ${event.node}`;
    case "pod-unschedulable":
      return `${event.pod} finds no room`;
    case "event-not-applied":
      return `${event.event} is not applied: ${event.reason}`;
    case "write-failed":
      return `${event.what}: ${event.message}`;
    case "condition-changed":
      return `${event.role} ${event.condition} ${event.holds ? "holds" : "does not hold"} (${event.value})`;
    default:
      return undefined;
  }
}
