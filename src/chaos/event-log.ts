import { createHash } from "node:crypto";
import type { ChaosEvent } from "./events.ts";

/** A run's events as run.jsonl: one JSON object a line. */
export function eventsAsLines(events: readonly ChaosEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join("");
}

/** Why a text is no run.jsonl; `line` is 1-based. */
export class EventLogError extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.name = "EventLogError";
    this.line = line;
  }
}

/**
 * Reads run.jsonl. A last line without its newline is dropped: the writer was killed in the middle of it.
 * Throws EventLogError.
 */
export function readEventLog(text: string): readonly ChaosEvent[] {
  const lines = text.split("\n").slice(0, -1);
  if (lines.length === 0) throw new EventLogError("holds no events", 1);
  const events = lines.map((line, index) => readEvent(line, index + 1));
  const first = events[0] as ChaosEvent;
  if (first.type !== "run-started") throw new EventLogError('must begin with a "run-started" event', 1);
  if (first.schemaVersion !== 1) {
    throw new EventLogError(`has schema version ${first.schemaVersion}, this kubesim reads version 1`, 1);
  }
  return events;
}

/** sha256 of the log, in hex: equal for equal histories. */
export function digestOf(events: readonly ChaosEvent[]): string {
  const hash = createHash("sha256");
  for (const event of events) hash.update(`${JSON.stringify(event)}\n`);
  return hash.digest("hex");
}

function readEvent(line: string, number: number): ChaosEvent {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new EventLogError("is not JSON", number);
  }
  const event = value as Partial<ChaosEvent> | null;
  if (typeof event?.t === "number" && typeof event.at === "string" && typeof event.type === "string") {
    return event as ChaosEvent;
  }
  throw new EventLogError("is no chaos event (needs t, at and type)", number);
}
