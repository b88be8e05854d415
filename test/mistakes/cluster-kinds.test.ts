import { describe, expect, it } from "vitest";
import { csiDrivers, csiNodes, volumeAttachments } from "../../src/api/kinds/csi.ts";
import { csiStorageCapacities } from "../../src/api/kinds/csi-storage-capacity.ts";
import { events } from "../../src/api/kinds/event.ts";
import { leases } from "../../src/api/kinds/lease.ts";
import { priorityClasses } from "../../src/api/kinds/priority-class.ts";
import { runtimeClasses } from "../../src/api/kinds/runtime-class.ts";
import { createInMemoryServer } from "../in-memory-server.ts";
import {
  at,
  IMMUTABLE,
  LABEL,
  NOT_NEGATIVE,
  named,
  parts,
  QUALIFIED_NAME,
  SUBDOMAIN,
  spec,
  subject,
} from "./changes.ts";
import { mistakesOnCreate, mistakesOnUpdate, type Subject } from "./mistakes.ts";

mistakesOnCreate(subject(leases), {
  "a lease for no time": [
    spec({ leaseDurationSeconds: 0 }),
    "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0",
  ],
  "less than no transitions": [
    spec({ leaseTransitions: -1 }),
    `spec.leaseTransitions: Invalid value: -1: ${NOT_NEGATIVE}`,
  ],
});

mistakesOnCreate(subject(runtimeClasses), {
  "no handler": [parts({ handler: undefined }), `handler: Invalid value: "": ${LABEL}`],
  "an overhead of less than nothing": [
    parts({ overhead: { podFixed: { cpu: "-1", disk: "1" } } }),
    `overhead.limits[cpu]: Invalid value: "-1": ${NOT_NEGATIVE}`,
    'overhead.limits[disk]: Invalid value: "disk": must be a standard resource type or fully qualified',
    'overhead.limits[disk]: Invalid value: "disk": must be a standard resource for containers',
  ],
  "nodes and tolerations that none can be": [
    parts({ scheduling: { nodeSelector: { "a b": "1" }, tolerations: [{ operator: "Equal" }] } }),
    `scheduling.nodeSelector: Invalid value: "a b": ${QUALIFIED_NAME}`,
    'scheduling.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which ' +
      'means "match all values and all keys"',
  ],
});
mistakesOnUpdate(subject(runtimeClasses), {
  "another handler": [parts({ handler: "gvisor" }), `handler: Invalid value: "gvisor": ${IMMUTABLE}`],
});

const RESERVED =
  "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: ";
mistakesOnCreate(subject(priorityClasses), {
  "a name of the system": [
    named("system-mine"),
    `${RESERVED}system-mine is not a known system priority class`,
  ],
  "a policy that is none": [
    parts({ preemptionPolicy: "Always" }),
    'preemptionPolicy: Unsupported value: "Always": supported values: "PreemptLowerPriority", "Never"',
  ],
});
mistakesOnUpdate(subject(priorityClasses), {
  "another policy": [
    parts({ preemptionPolicy: "Never" }),
    `preemptionPolicy: Invalid value: "Never": ${IMMUTABLE}`,
  ],
});

mistakesOnCreate(subject(csiDrivers), {
  "a policy that is none": [
    spec({ fsGroupPolicy: "All" }),
    'spec.fsGroupPolicy: Unsupported value: "All": supported values: "File", "None", "ReadWriteOnceWithFSType"',
  ],
  "tokens for a minute, and twice for one audience": [
    spec({ tokenRequests: [{ audience: "a", expirationSeconds: 60 }, { audience: "a" }] }),
    "spec.tokenRequests[0].expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes",
    'spec.tokenRequests[1].audience: Duplicate value: "a"',
  ],
  "a life cycle that is none": [
    spec({ volumeLifecycleModes: ["Forever"] }),
    'spec.volumeLifecycleModes: Unsupported value: "Forever": supported values: "Persistent", "Ephemeral"',
  ],
});
mistakesOnUpdate(subject(csiDrivers), {
  "another way": [
    spec({ attachRequired: false, volumeLifecycleModes: ["Ephemeral"] }),
    `spec.attachedRequired: Invalid value: false: ${IMMUTABLE}`,
    `spec.volumeLifecycleModes: Invalid value: ["Ephemeral"]: ${IMMUTABLE}`,
  ],
});

mistakesOnCreate(subject(csiNodes), {
  "a driver without name and id": [
    spec({ drivers: [{ name: "", nodeID: "" }] }),
    "spec.drivers[0].name: Required value",
    `spec.drivers[0].name: Invalid value: "": ${SUBDOMAIN}`,
    "spec.drivers[0].nodeID: Required value",
  ],
  "a driver twice, with a place for less than nothing": [
    spec({
      drivers: [
        { name: "a", nodeID: "n", topologyKeys: ["zone", "zone"] },
        { name: "a", nodeID: "n", allocatable: { count: -1 } },
      ],
    }),
    'spec.drivers[0]: Duplicate value: "zone"',
    `spec.drivers[1].allocatable.count: Invalid value: -1: ${NOT_NEGATIVE}`,
    'spec.drivers[1].name: Duplicate value: "a"',
  ],
});
mistakesOnUpdate(subject(csiNodes), {
  "another id": [
    at("spec.drivers.0", { nodeID: "m" }),
    `spec.drivers: Invalid value: {"name":"example.com","nodeID":"m"}: ${IMMUTABLE}`,
  ],
});

const ONE_SOURCE = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
mistakesOnCreate(subject(volumeAttachments), {
  "nobody to attach it, and nothing to attach": [
    parts({ spec: { attacher: "", nodeName: "", source: {} } }),
    "spec.attacher: Required value",
    `spec.source: Required value: ${ONE_SOURCE}`,
    `spec.nodeName: Invalid value: "": ${SUBDOMAIN}`,
    `spec.attacher: Invalid value: "": ${SUBDOMAIN}`,
  ],
  "two things to attach": [
    at("spec.source", { inlineVolumeSpec: {} }),
    `spec.source: Forbidden: ${ONE_SOURCE}`,
  ],
});
mistakesOnUpdate(subject(volumeAttachments), {
  "another node": [
    spec({ nodeName: "m" }),
    'spec: Invalid value: {"attacher":"example.com","nodeName":"m","source":{"persistentVolumeName":"v"}}: ' +
      IMMUTABLE,
  ],
});

mistakesOnCreate(subject(csiStorageCapacities), {
  "less than nothing of no class": [
    parts({ storageClassName: undefined, capacity: "-1Gi" }),
    `storageClassName: Invalid value: "": ${SUBDOMAIN}`,
    `capacity: Invalid value: "-1Gi": ${NOT_NEGATIVE}`,
  ],
});
mistakesOnUpdate(subject(csiStorageCapacities), {
  "another class elsewhere": [
    parts({ storageClassName: "slow", nodeTopology: { matchLabels: { zone: "a" } } }),
    `nodeTopology: Invalid value: {"matchLabels":{"zone":"a"}}: ${IMMUTABLE}`,
    `storageClassName: Invalid value: "slow": ${IMMUTABLE}`,
  ],
});

const elsewhere = (namespace: string) => at("involvedObject", { namespace });
mistakesOnCreate(subject(events), {
  "an event beside something else": [
    elsewhere("other"),
    'involvedObject.namespace: Invalid value: "other": does not match event.namespace',
  ],
  "an event that has a time, and says nothing": [
    parts({ eventTime: "2025-01-01T00:00:00.000000Z", reason: "" }),
    "reportingController: Required value",
    `reportingController: Invalid value: "": name part must be non-empty`,
    `reportingController: Invalid value: "": ${QUALIFIED_NAME}`,
    "reportingInstance: Required value",
    "action: Required value",
    "reason: Required value",
  ],
});

const NEW_EVENT: Subject = {
  collection: "/apis/events.k8s.io/v1/namespaces/default/events",
  called: "Event.events.k8s.io",
  sound: {
    ...{ apiVersion: "events.k8s.io/v1", kind: "Event", metadata: { name: "web", namespace: "default" } },
    ...{ eventTime: "2025-01-01T00:00:00.000000Z", type: "Normal", action: "Start", reason: "Started" },
    ...{ reportingController: "example.com/me", reportingInstance: "me-1", note: "started" },
    regarding: { kind: "Pod", name: "web", namespace: "default" },
  },
};
mistakesOnCreate(NEW_EVENT, {
  "no time, a type that is none, and what is not used any more": [
    parts({ eventTime: undefined, type: "Bad", deprecatedCount: 2, series: { count: 1 } }),
    'series.count: Invalid value: "": should be at least 2',
    "series.lastObservedTime: Required value",
    "eventTime: Required value",
    'type: Invalid value: "": has invalid value: Bad',
    'count: Invalid value: "": needs to be unset',
  ],
  "a reason that is too long": [
    parts({ reason: "a".repeat(129), note: "b".repeat(1_025) }),
    'reason: Invalid value: "": can have at most 128 characters',
    'message: Invalid value: "": can have at most 1024 characters',
  ],
});
mistakesOnUpdate(NEW_EVENT, {
  "another story": [
    parts({ reason: "Stopped", note: "stopped" }),
    `reason: Invalid value: "Stopped": ${IMMUTABLE}`,
    `message: Invalid value: "stopped": ${IMMUTABLE}`,
  ],
});

describe("priority classes", () => {
  const { collection, sound } = subject(priorityClasses);
  const everybodys = (name: string) => ({ ...sound, metadata: { name }, globalDefault: true });

  it("are everybody's one at a time", async () => {
    const server = await createInMemoryServer();
    expect((await server.send("POST", collection, everybodys("first"))).status).toBe(201);
    const { status, body } = await server.send("POST", collection, everybodys("second"));
    expect([status, body.reason, body.message]).toEqual([
      403,
      "Forbidden",
      'priorityclasses.scheduling.k8s.io "second" is forbidden: PriorityClass first is already marked as default. ' +
        "Only one default can exist",
    ]);
    const first = await server.get(`${collection}/first`);
    expect((await server.send("PUT", `${collection}/first`, { ...first, description: "d" })).status).toBe(
      200,
    );
  });

  it("of the system stay", async () => {
    const server = await createInMemoryServer();
    const metadata = { name: "system-node-critical" };
    await server.send("POST", collection, { ...sound, metadata, value: 2_000_001_000 });
    const { status, body } = await server.send("DELETE", `${collection}/system-node-critical`);
    expect([status, body.message]).toEqual([
      403,
      'priorityclasses.scheduling.k8s.io "system-node-critical" is forbidden: this is a system priority class and ' +
        "cannot be deleted",
    ]);
  });
});
