import type { ChaosEvent } from "../../chaos/events.ts";
import { eventSentence } from "../chaos/event-sentence.ts";

/** An event in words, for a log that leaves nothing out; undefined for what other events tell as well. */
export function replaySentence(event: ChaosEvent): string | undefined {
  switch (event.type) {
    case "run-started":
      return `the run begins: strategy ${event.strategy ?? "unknown"}, seed ${event.seed}`;
    case "run-ended":
      return `the run is over: ${event.status}`;
    case "strategy-changed":
      return `the strategy is ${event.strategy} now`;
    case "node-added":
      return `${event.node} joins`;
    case "node-removed":
      return `${event.node} is removed`;
    case "node-ready":
      return `${event.node} is ready`;
    case "pod-added":
      return `${event.pod} comes${event.node === undefined ? "" : `, bound to ${event.node}`}`;
    case "pod-running":
      return `${event.pod} runs on ${event.node}`;
    case "pod-phase":
      return `${event.pod}: ${event.phase}`;
    case "pod-restarted":
      return `${event.pod} was restarted`;
    case "pod-terminating":
      return `${event.pod} is ending`;
    case "pod-removed":
      return `${event.pod} is gone`;
    default:
      return eventSentence(event);
  }
}
