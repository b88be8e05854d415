import { deepEqual } from "../deep-equal.ts";
import type { FieldError } from "../errors.ts";
import { IMMUTABLE, invalidValue, requiredValue } from "../field-errors.ts";
import { checkQualifiedName } from "../metadata-validation.ts";
import type { Event } from "./event.ts";

const LONGEST = 128;
const LONGEST_NOTE = 1024;

/** Rules of events in every version (legacyValidateEvent of pkg/apis/core/validation), in the words of core v1. */
export function eventFaults(event: Event): readonly FieldError[] {
  const errors: FieldError[] = [];
  checkPlace(event, errors);
  if (!event.eventTime) return errors;
  const { reportingComponent = "", reportingInstance = "", action = "", reason = "", message = "" } = event;
  if (reportingComponent === "") errors.push(requiredValue("reportingController"));
  checkQualifiedName("reportingController", reportingComponent, errors);
  for (const [field, text] of Object.entries({ reportingInstance, action, reason })) {
    if (text === "") errors.push(requiredValue(field));
    checkLength(field, text, LONGEST, errors);
  }
  checkLength("message", message, LONGEST_NOTE, errors);
  return errors;
}

/** Events live beside what they are about, those about cluster-scoped objects in `default`; newer ones are freer. */
function checkPlace({ metadata, involvedObject, eventTime }: Event, errors: FieldError[]): void {
  const { namespace } = metadata;
  const about = involvedObject?.namespace ?? "";
  const isSystem = namespace === "default" || (namespace === "kube-system" && Boolean(eventTime));
  const isRight = about === "" ? isSystem : about === namespace || Boolean(eventTime);
  if (!isRight) {
    errors.push(invalidValue("involvedObject.namespace", about, "does not match event.namespace"));
  }
}

/** What events that are made in events.k8s.io/v1 must say besides (ValidateEventCreate). */
export function newEventFaults(event: Event): readonly FieldError[] {
  const errors = [...eventFaults(event), ...seriesFaults(event)];
  if (!event.eventTime) errors.push(requiredValue("eventTime"));
  if (event.type !== "Normal" && event.type !== "Warning") {
    errors.push(invalidValue("type", "", `has invalid value: ${event.type ?? ""}`));
  }
  for (const field of ["firstTimestamp", "lastTimestamp", "count"] as const) {
    if (event[field]) errors.push(invalidValue(field, "", "needs to be unset"));
  }
  if (event.source?.component || event.source?.host) {
    errors.push(invalidValue("source", "", "needs to be unset"));
  }
  return errors;
}

/** What may not change, by the names that refusals give it; its name in core v1 where that is another. */
const LASTING = {
  involvedObject: "involvedObject",
  reason: "reason",
  message: "message",
  source: "source",
  firstTimestamp: "firstTimestamp",
  lastTimestamp: "lastTimestamp",
  count: "count",
  type: "type",
  eventTime: "eventTime",
  action: "action",
  related: "related",
  reportingController: "reportingComponent",
  reportingInstance: "reportingInstance",
} as const;

/** Of an event that is changed in events.k8s.io/v1 only the series goes on (ValidateEventUpdate). */
export function changedEventFaults(event: Event, old: Event): readonly FieldError[] {
  const errors = [...eventFaults(event)];
  if (!deepEqual(event.series, old.series)) errors.push(...seriesFaults(event));
  for (const [field, name] of Object.entries(LASTING)) {
    const value = event[name] ?? null;
    if (!deepEqual(value, old[name] ?? null)) errors.push(invalidValue(field, value, IMMUTABLE));
  }
  return errors;
}

function seriesFaults({ series }: Event): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (series === undefined) return errors;
  if ((series.count ?? 0) < 2) errors.push(invalidValue("series.count", "", "should be at least 2"));
  if (!series.lastObservedTime) errors.push(requiredValue("series.lastObservedTime"));
  return errors;
}

function checkLength(field: string, text: string, most: number, errors: FieldError[]): void {
  if (Buffer.byteLength(text) <= most) return;
  errors.push(invalidValue(field, "", `can have at most ${most} characters`));
}
