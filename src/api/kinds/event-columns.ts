import type { Column } from "../kind.ts";
import { ageOf, NAME, textColumn } from "./columns.ts";
import type { Event } from "./event.ts";

/** The events table; the same rows as the real server's. */
export const eventColumns: readonly Column<Event>[] = [
  textColumn("Last Seen", "Time since it last happened.", (event, now) => ageOf(lastSeen(event), now)),
  textColumn("Type", "Normal or Warning.", (event) => event.type ?? ""),
  textColumn("Reason", "What happened, in one word.", (event) => event.reason ?? ""),
  textColumn("Object", "What it happened to.", (event) => eventObjectText(event)),
  textColumn("Subobject", "Which part of it.", (event) => event.involvedObject.fieldPath ?? "", 1),
  textColumn("Source", "Who says so.", (event) => sourceText(event), 1),
  textColumn("Message", "What happened, in full.", (event) => event.message?.trim() ?? ""),
  textColumn("First Seen", "Time since it first happened.", (event, now) => ageOf(firstSeen(event), now), 1),
  {
    name: "Count",
    type: "integer",
    description: "How often it happened.",
    priority: 1,
    cell: (event) => event.series?.count ?? (event.count || 1),
  },
  { ...NAME, priority: 1 },
];

/** What an event is about, as kubectl writes it: `pod/web-1`. */
export function eventObjectText({ involvedObject }: Event): string {
  const kind = involvedObject.kind?.toLowerCase() ?? "";
  return involvedObject.name ? `${kind}/${involvedObject.name}` : kind;
}

function lastSeen(event: Event): string | undefined {
  const seen = event.series?.lastObservedTime ?? (event.lastTimestamp || event.eventTime);
  return seen ?? firstSeen(event);
}

function firstSeen(event: Event): string | undefined {
  return event.firstTimestamp || event.eventTime || undefined;
}

function sourceText({ source, reportingComponent, reportingInstance }: Event): string {
  const component = source?.component || reportingComponent || "";
  const host = source?.host || reportingInstance || "";
  return host === "" ? component : `${component}, ${host}`;
}
