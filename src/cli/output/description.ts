import type { Event } from "../../api/kinds/event.ts";
import type { Condition } from "../../api/meta.ts";
import { formatAge } from "../../lib/duration.ts";
import { plainColumns } from "./plain-columns.ts";

type Bold = (text: string) => string;

/** `Name:   web`, aligned. */
export function factLines(facts: readonly (readonly [string, string])[]): string[] {
  return plainColumns(undefined, facts).split("\n");
}

/** What Kubernetes knows about an object's state. */
export function conditionLines(conditions: readonly Condition[], now: number, bold: Bold): string[] {
  if (conditions.length === 0) return [];
  const rows = conditions.map(({ type, status, reason = "", message = "", lastTransitionTime }) => [
    "",
    type,
    status,
    lastTransitionTime ? `${formatAge(now - Date.parse(lastTransitionTime))} ago` : "",
    [reason, message].filter((text) => text !== "").join(": "),
  ]);
  return [bold("Conditions:"), plainColumns(["", "TYPE", "STATUS", "SINCE", "WHY"], rows), ""];
}

/** The last events, oldest first. */
export function eventLines(events: readonly Event[], now: number, bold: Bold): string[] {
  if (events.length === 0) return [`${bold("Events:")} <none>`];
  const timeOf = (event: Event) => Date.parse(event.lastTimestamp ?? event.metadata.creationTimestamp);
  const rows = [...events]
    .sort(
      (a, b) =>
        timeOf(a) - timeOf(b) || Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion),
    )
    .slice(-20)
    .map((event) => [
      "",
      formatAge(now - timeOf(event)),
      event.type ?? "",
      event.reason ?? "",
      event.message ?? "",
    ]);
  return [bold("Events:"), plainColumns(["", "AGE", "TYPE", "REASON", "MESSAGE"], rows)];
}
