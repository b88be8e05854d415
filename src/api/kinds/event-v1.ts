import type { OtherVersion } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import type { Event, ObjectReference } from "./event.ts";
import { changedEventFaults, newEventFaults } from "./event-validation.ts";

/** events.k8s.io/v1 Event: the same events in the words of their own group. */
interface EventV1 extends KubeObject {
  readonly regarding?: ObjectReference;
  readonly note?: string;
  readonly reportingController?: string;
  readonly reportingInstance?: string;
  readonly action?: string;
  readonly reason?: string;
  readonly type?: string;
  readonly eventTime?: string | null;
  readonly deprecatedSource?: Event["source"];
  readonly deprecatedFirstTimestamp?: string | null;
  readonly deprecatedLastTimestamp?: string | null;
  readonly deprecatedCount?: number;
}

/** Fields of events.k8s.io/v1, and the same in core v1; all others have one name (pkg/apis/events/v1/conversion.go). */
const NAMES = {
  note: "message",
  regarding: "involvedObject",
  reportingController: "reportingComponent",
  deprecatedSource: "source",
  deprecatedFirstTimestamp: "firstTimestamp",
  deprecatedLastTimestamp: "lastTimestamp",
  deprecatedCount: "count",
} as const;

const IN_CORE: ReadonlyMap<string, string> = new Map(Object.entries(NAMES));
const IN_EVENTS: ReadonlyMap<string, string> = new Map([...IN_CORE].map(([own, core]) => [core, own]));

const REFERENCE = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"];

/** How events.k8s.io/v1 shows and takes events. */
export const eventsV1: OtherVersion<Event> = {
  group: "events.k8s.io",
  version: "v1",
  schema: "io.k8s.api.events.v1.Event",
  selectableFields: {
    ...Object.fromEntries(REFERENCE.map((field) => [`regarding.${field}`, `involvedObject.${field}`])),
    reportingController: "reportingComponent",
    reason: "reason",
    type: "type",
  },
  show: (event) => renamed(event, IN_EVENTS, "events.k8s.io/v1") as unknown as EventV1,
  take: (object) => renamed(object, IN_CORE, "v1") as unknown as Event,
  validateNew: newEventFaults,
  validateChange: changedEventFaults,
};

function renamed(object: object, names: ReadonlyMap<string, string>, apiVersion: string): object {
  const fields = Object.entries(object).map(([name, value]) => [names.get(name) ?? name, value]);
  return { ...Object.fromEntries(fields), apiVersion };
}
