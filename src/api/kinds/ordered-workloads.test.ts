import { describe, expect, it } from "vitest";
import type { Kind } from "../kind.ts";
import type { KubeObject } from "../meta.ts";
import { type ControllerRevision, controllerRevisions } from "./controller-revision.ts";
import { type CronJob, cronJobs } from "./cron-job.ts";
import { type DaemonSet, daemonSets } from "./daemon-set.ts";
import { type StatefulSet, statefulSets } from "./stateful-set.ts";

const CONTAINERS = [{ name: "main", image: "web:1" }];
const SELECTED = {
  selector: { matchLabels: { app: "a" } },
  template: { metadata: { labels: { app: "a" } }, spec: { containers: CONTAINERS } },
};

function made<T extends KubeObject>(kind: Kind<T>, spec: object, name = "web"): T {
  const given = { metadata: { name, namespace: "default" }, spec };
  return kind.setDefaults?.(given as unknown as T) as T;
}

function faults<T extends KubeObject>(kind: Kind<T>, spec: object, old?: object): string[] {
  const errors = kind.validate?.(made(kind, spec), old && made(kind, old)) ?? [];
  return errors.map(({ field, message }) => `${field}: ${message}`);
}

describe("a StatefulSet", () => {
  it("is ordered and rolls all of its pods, unless it says otherwise", () => {
    expect(made<StatefulSet>(statefulSets, SELECTED).spec).toMatchObject({
      replicas: 1,
      podManagementPolicy: "OrderedReady",
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } },
      revisionHistoryLimit: 10,
    });
  });

  it("keeps all but what may be changed", () => {
    expect(faults(statefulSets, { ...SELECTED, replicas: 5, minReadySeconds: 3 }, SELECTED)).toEqual([]);
    expect(faults(statefulSets, { ...SELECTED, serviceName: "x" }, SELECTED)[0]).toMatch(
      /^spec: Forbidden: updates to statefulset spec for fields other than 'replicas'/,
    );
    expect(faults(statefulSets, { ...SELECTED, podManagementPolicy: "Any" })).toEqual([
      `spec.podManagementPolicy: Invalid value: "Any": must be 'OrderedReady' or 'Parallel'`,
    ]);
  });
});

describe("a DaemonSet", () => {
  it("replaces one pod after the other, unless it says otherwise", () => {
    expect(made<DaemonSet>(daemonSets, SELECTED).spec.updateStrategy).toEqual({
      type: "RollingUpdate",
      rollingUpdate: { maxUnavailable: 1, maxSurge: 0 },
    });
    const stuck = { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "0%" } };
    expect(faults(daemonSets, { ...SELECTED, updateStrategy: stuck })).toEqual([
      "spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0",
    ]);
  });
});

describe("a CronJob", () => {
  const template = { spec: { containers: CONTAINERS, restartPolicy: "Never" } };
  const hourly = { schedule: "@hourly", jobTemplate: { spec: { template } } };

  it("lets its Jobs run side by side and keeps three good ones and a bad one, unless it says otherwise", () => {
    expect(made<CronJob>(cronJobs, hourly).spec).toMatchObject({
      concurrencyPolicy: "Allow",
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
      jobTemplate: { spec: { completions: 1, backoffLimit: 6 } },
    });
    expect(faults(cronJobs, hourly)).toEqual([]);
  });

  it("names what is wrong with its schedule, its template and its name", () => {
    expect(faults(cronJobs, { ...hourly, schedule: "TZ=UTC * * * * *" })).toEqual([
      'spec.schedule: Invalid value: "TZ=UTC * * * * *": ' +
        "cannot use TZ or CRON_TZ in schedule, use timeZone field instead",
    ]);
    const always = { ...hourly, jobTemplate: { spec: { template: { spec: { containers: CONTAINERS } } } } };
    expect(faults(cronJobs, always)).toEqual([
      'spec.jobTemplate.spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
    ]);
    const errors = cronJobs.validate?.(made<CronJob>(cronJobs, hourly, "x".repeat(53)), undefined);
    expect(errors?.[0]?.message).toMatch(/must be no more than 52 characters/);
  });
});

describe("a ControllerRevision", () => {
  it("never changes but for its number", () => {
    const revision = (data: object, number: number) =>
      ({ metadata: { name: "web-1" }, data, revision: number }) as unknown as ControllerRevision;
    expect(controllerRevisions.validate?.(revision({ a: 1 }, 2), revision({ a: 1 }, 1))).toEqual([]);
    expect(controllerRevisions.validate?.(revision({ a: 2 }, 1), revision({ a: 1 }, 1))?.[0]?.message).toBe(
      'Invalid value: {"a":2}: field is immutable',
    );
  });
});
