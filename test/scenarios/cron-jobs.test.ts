import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cronJobs } from "../../src/api/kinds/cron-job.ts";
import { type Job, jobs } from "../../src/api/kinds/job.ts";
import { keyOf } from "../../src/api/meta.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";
import { draftOf, find, patch, templateOf } from "./workloads.ts";

const MINUTE_MS = 60_000;

let cluster: ClusterUnderTest;
beforeEach(async () => {
  cluster = await ClusterUnderTest.start();
  await cluster.addNodes(1);
});
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

/** Its Jobs run for so long. */
async function create(spec: object, duration = "5s", exitCode = "0"): Promise<void> {
  const annotations = { "kubesim.dev/duration": duration, "kubesim.dev/exit-code": exitCode };
  const template = templateOf("tick", { annotations, spec: { restartPolicy: "Never" } });
  const jobTemplate = { spec: { template, backoffLimit: 0 } };
  await cluster.objects.create(
    cronJobs,
    draftOf(cronJobs, "tick", { schedule: "* * * * *", jobTemplate, ...spec }),
  );
}

async function made(): Promise<readonly Job[]> {
  return (await cluster.objects.list(jobs)).items;
}

describe("a CronJob", () => {
  it("makes a Job at each time, named after its minute, and keeps the last three that succeeded", async () => {
    await create({});
    await cluster.clock.advance(MINUTE_MS + 1_000);
    const [first] = await made();
    const minute = Date.parse("2025-01-01T00:01:00Z") / MINUTE_MS;
    expect(first?.metadata).toMatchObject({
      name: `tick-${minute}`,
      annotations: { "batch.kubernetes.io/cronjob-scheduled-timestamp": "2025-01-01T00:01:00Z" },
      ownerReferences: [{ kind: "CronJob", name: "tick", controller: true }],
    });
    expect((await find(cluster, cronJobs, "tick")).status).toMatchObject({
      active: [{ kind: "Job", name: `tick-${minute}` }],
      lastScheduleTime: "2025-01-01T00:01:00Z",
    });
    await cluster.clock.advance(9 * MINUTE_MS + 30_000);
    expect((await made()).map(({ metadata }) => metadata.name)).toEqual([
      `tick-${minute + 7}`,
      `tick-${minute + 8}`,
      `tick-${minute + 9}`,
    ]);
    const { status } = await find(cluster, cronJobs, "tick");
    expect(status.active).toBeUndefined();
    expect(status.lastSuccessfulTime).toMatch(/^2025-01-01T00:10:/);
    expect((await cluster.pods()).length).toBe(3);
  });

  it("follows the clocks of its time zone", async () => {
    await create({ schedule: "0 2 * * *", timeZone: "Asia/Tokyo" });
    await cluster.clock.advance(17 * 60 * MINUTE_MS + 1_000);
    const [only] = await made();
    expect(only?.metadata.annotations).toEqual({
      "batch.kubernetes.io/cronjob-scheduled-timestamp": "2025-01-02T02:00:00+09:00",
    });
  });

  it.each([
    ["Allow", 3, 3],
    ["Forbid", 1, 1],
    ["Replace", 1, 1],
  ])("with policy %s has %i Jobs at once when they take long", async (concurrencyPolicy, active, there) => {
    await create({ concurrencyPolicy }, "1h");
    await cluster.clock.advance(3 * MINUTE_MS + 30_000);
    expect((await find(cluster, cronJobs, "tick")).status.active).toHaveLength(active);
    expect(await made()).toHaveLength(there);
    const names = (await made()).map(({ metadata }) => metadata.name);
    const minute = Date.parse("2025-01-01T00:01:00Z") / MINUTE_MS;
    expect(names.includes(`tick-${minute}`)).toBe(concurrencyPolicy !== "Replace");
  });

  it("does nothing while it is suspended, and only the last missed time after", async () => {
    await create({ suspend: true });
    await cluster.clock.advance(10 * MINUTE_MS);
    expect(await made()).toEqual([]);
    await patch(cluster, cronJobs, "tick", { spec: { suspend: false } });
    await cluster.clock.advance(20_000);
    expect(await made()).toHaveLength(1);
    expect((await find(cluster, cronJobs, "tick")).status.lastScheduleTime).toBe("2025-01-01T00:10:00Z");
  });

  it("does not make up for times that are longer ago than its deadline", async () => {
    await create({ schedule: "0 * * * *", suspend: true, startingDeadlineSeconds: 60 });
    await cluster.clock.advance(65 * MINUTE_MS);
    await patch(cluster, cronJobs, "tick", { spec: { suspend: false } });
    await cluster.clock.advance(20_000);
    expect(await made()).toEqual([]);
  });

  it("keeps the last failed Job, and takes everything along when it is deleted", async () => {
    await create({}, "5s", "1");
    await cluster.clock.advance(4 * MINUTE_MS + 30_000);
    expect(await made()).toHaveLength(1);
    await cluster.objects.delete(cronJobs, keyOf(await find(cluster, cronJobs, "tick")));
    await cluster.clock.advance(40_000);
    expect(await made()).toEqual([]);
    expect(await cluster.pods()).toEqual([]);
  });
});
