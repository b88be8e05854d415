import type { FieldError } from "../errors.ts";
import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { validateMetadata } from "../metadata-validation.ts";
import { pathSegmentFault } from "../names.ts";
import { eventColumns } from "./event-columns.ts";
import { eventsV1 } from "./event-v1.ts";
import { eventFaults } from "./event-validation.ts";

export interface ObjectReference {
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly apiVersion?: string;
  readonly resourceVersion?: string;
  readonly fieldPath?: string;
}

/** core/v1 Event. */
export interface Event extends KubeObject {
  readonly involvedObject: ObjectReference;
  readonly type?: "Normal" | "Warning";
  readonly reason?: string;
  readonly message?: string;
  readonly source?: { readonly component?: string; readonly host?: string };
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly count?: number;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string | null };
  readonly reportingComponent?: string;
  readonly reportingInstance?: string;
  readonly action?: string;
  readonly related?: ObjectReference;
}

export const events: Kind<Event> = {
  group: "",
  version: "v1",
  kind: "Event",
  plural: "events",
  singular: "event",
  shortNames: ["ev"],
  categories: [],
  namespaced: true,
  schema: "io.k8s.api.core.v1.Event",
  statusSubresource: false,
  columns: eventColumns,
  selectableFields: {
    "involvedObject.kind": ({ involvedObject }) => involvedObject.kind ?? "",
    "involvedObject.namespace": ({ involvedObject }) => involvedObject.namespace ?? "",
    "involvedObject.name": ({ involvedObject }) => involvedObject.name ?? "",
    "involvedObject.uid": ({ involvedObject }) => involvedObject.uid ?? "",
    "involvedObject.apiVersion": ({ involvedObject }) => involvedObject.apiVersion ?? "",
    "involvedObject.resourceVersion": ({ involvedObject }) => involvedObject.resourceVersion ?? "",
    "involvedObject.fieldPath": ({ involvedObject }) => involvedObject.fieldPath ?? "",
    reason: (event) => event.reason ?? "",
    reportingComponent: (event) => event.reportingComponent ?? "",
    source: (event) => event.source?.component || event.reportingComponent || "",
    type: (event) => event.type ?? "",
  },
  setDefaults: (event) => (event.involvedObject === undefined ? { ...event, involvedObject: {} } : event),
  validate: validateEvent,
  otherVersions: [eventsV1],
};

function validateEvent(event: Event, old: Event | undefined): readonly FieldError[] {
  return [
    ...validateMetadata(event.metadata, old?.metadata, { nameFault: pathSegmentFault }),
    ...eventFaults(event),
  ];
}
