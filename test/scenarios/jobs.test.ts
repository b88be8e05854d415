import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isReason } from "../../src/api/errors.ts";
import { jobs } from "../../src/api/kinds/job.ts";
import { pods } from "../../src/api/kinds/pod.ts";
import { keyOf } from "../../src/api/meta.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";
import { createJob, find, livePods, patch } from "./workloads.ts";

let cluster: ClusterUnderTest;
beforeEach(async () => {
  cluster = await ClusterUnderTest.start();
  await cluster.addNodes(3);
});
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

const status = async () => (await find(cluster, jobs, "work")).status;
const conditions = async () =>
  ((await status()).conditions ?? [])
    .filter((one) => one.status === "True")
    .map(({ type, reason }) => [type, reason]);

describe("a Job", () => {
  it("selects its pods by its uid, runs as many as it may at once, and ends when enough have succeeded", async () => {
    const { metadata, spec } = await createJob(cluster, "work", { completions: 5, parallelism: 2 });
    expect(spec.selector).toEqual({ matchLabels: { "batch.kubernetes.io/controller-uid": metadata.uid } });
    let most = 0;
    for (let step = 0; step < 100; step++) {
      await cluster.clock.advance(100);
      most = Math.max(
        most,
        (await cluster.pods()).filter(({ status: { phase } }) => phase === "Running").length,
      );
    }
    expect(most).toBe(2);
    expect(await status()).toMatchObject({
      succeeded: 5,
      ready: 0,
      terminating: 0,
      uncountedTerminatedPods: {},
    });
    expect(await conditions()).toEqual([
      ["SuccessCriteriaMet", "CompletionsReached"],
      ["Complete", "CompletionsReached"],
    ]);
    const ended = await cluster.pods();
    expect(ended).toHaveLength(5);
    for (const pod of ended) {
      expect(pod.metadata.finalizers ?? []).toEqual([]);
      expect(pod.metadata.labels).toMatchObject({ "job-name": "work", "controller-uid": metadata.uid });
    }
    expect((await cluster.events("Completed"))[0]?.message).toBe("Job completed");
  });

  it("ends as the commands of its pods say; those that say nothing end soon, and endless ones never", async () => {
    const running = (name: string, ...command: string[]) => {
      const containers = [{ name: "main", image: "busybox", command }];
      const annotations = { "kubesim.dev/duration": "as it says", "kubesim.dev/exit-code": "as it says" };
      return createJob(cluster, name, { backoffLimit: 0 }, { annotations, spec: { containers } });
    };
    await running("slept", "sleep", "60");
    await running("failed", "sh", "-c", "sleep 1; exit 3");
    await running("computed", "perl", "-Mbignum=bpi", "-wle", "print bpi(2000)");
    await running("endless", "tail", "-f", "/dev/null");
    const ends = async () => {
      const all = await Promise.all(
        ["slept", "failed", "computed", "endless"].map((name) => find(cluster, jobs, name)),
      );
      return all.map(({ status: { conditions = [] } }) => conditions.at(-1)?.type);
    };
    await cluster.clock.advance(20_000);
    expect(await ends()).toEqual([undefined, "Failed", "Complete", undefined]);
    await cluster.clock.advance(50_000);
    expect(await ends()).toEqual(["Complete", "Failed", "Complete", undefined]);
    await cluster.clock.advance(86_400_000);
    expect((await ends()).at(-1)).toBeUndefined();
  });

  it("gives each index of an indexed Job to one pod that succeeds", async () => {
    await createJob(cluster, "work", { completions: 4, parallelism: 4, completionMode: "Indexed" });
    await cluster.clock.advance(10_000);
    expect(await status()).toMatchObject({ succeeded: 4, completedIndexes: "0-3" });
    const made = await cluster.pods();
    expect(made.map(({ metadata }) => metadata.name.replace(/-\w{5}$/, ""))).toEqual([
      "work-0",
      "work-1",
      "work-2",
      "work-3",
    ]);
    expect(made[2]?.spec.containers[0]?.env?.[0]?.name).toBe("JOB_COMPLETION_INDEX");
    expect(made[2]?.metadata.annotations?.["batch.kubernetes.io/job-completion-index"]).toBe("2");
  });

  it("tries again after a growing pause, and gives up at its limit", async () => {
    await createJob(cluster, "work", { backoffLimit: 2 }, { exitCode: 1 });
    const made: number[] = [];
    for (const seconds of [8, 12, 25]) {
      await cluster.clock.advance(seconds * 1_000);
      made.push((await cluster.pods()).length);
    }
    expect(made).toEqual([1, 2, 3]);
    expect(await status()).toMatchObject({ failed: 3 });
    expect((await status()).completionTime).toBeUndefined();
    expect(await conditions()).toEqual([
      ["FailureTarget", "BackoffLimitExceeded"],
      ["Failed", "BackoffLimitExceeded"],
    ]);
    const [event] = await cluster.events("BackoffLimitExceeded");
    expect(event).toMatchObject({ type: "Warning", message: "Job has reached the specified backoff limit" });
  });

  it("is ended with its pods when its deadline passes", async () => {
    await createJob(
      cluster,
      "work",
      { parallelism: 2, completions: 2, activeDeadlineSeconds: 20 },
      { annotations: { "kubesim.dev/duration": "1h" } },
    );
    await cluster.clock.advance(19_000);
    expect(await status()).toMatchObject({ active: 2, ready: 2 });
    await cluster.clock.advance(40_000);
    expect(await conditions()).toEqual([
      ["FailureTarget", "DeadlineExceeded"],
      ["Failed", "DeadlineExceeded"],
    ]);
    expect(await livePods(cluster)).toEqual([]);
    expect(await status()).toMatchObject({ failed: 2 });
  });

  it("stops while it is suspended, and goes on after, with no failure counted", async () => {
    const long = { annotations: { "kubesim.dev/duration": "30s" } };
    await createJob(cluster, "work", { suspend: true }, long);
    await cluster.clock.advance(5_000);
    expect(await cluster.pods()).toEqual([]);
    expect((await status()).startTime).toBeUndefined();
    expect(await conditions()).toEqual([["Suspended", "JobSuspended"]]);
    await patch(cluster, jobs, "work", { spec: { suspend: false } });
    await cluster.clock.advance(5_000);
    expect(await status()).toMatchObject({ active: 1 });
    await patch(cluster, jobs, "work", { spec: { suspend: true } });
    await cluster.clock.advance(40_000);
    expect(await cluster.pods()).toEqual([]);
    await patch(cluster, jobs, "work", { spec: { suspend: false } });
    await cluster.clock.advance(40_000);
    const done = await status();
    expect(done).toMatchObject({ succeeded: 1 });
    expect(done.failed).toBeUndefined();
    expect(done.conditions?.find(({ type }) => type === "Suspended")).toMatchObject({
      status: "False",
      reason: "JobResumed",
    });
  });

  it("counts a pod that is deleted as failed, once, and replaces it", async () => {
    await createJob(cluster, "work", {}, { annotations: { "kubesim.dev/duration": "20s" } });
    await cluster.clock.advance(3_000);
    await cluster.deletePod((await cluster.pods())[0]?.metadata.name as string);
    await cluster.clock.advance(60_000);
    expect(await status()).toMatchObject({ succeeded: 1, failed: 1 });
  });

  it("goes some time after it has finished, with its pods, when it says so", async () => {
    await createJob(cluster, "work", { ttlSecondsAfterFinished: 30 });
    await cluster.clock.advance(20_000);
    expect(await conditions()).toHaveLength(2);
    await cluster.clock.advance(30_000);
    const gone = await find(cluster, jobs, "work").catch((error: unknown) => error);
    expect(isReason(gone, "NotFound")).toBe(true);
    expect((await cluster.objects.list(pods)).items).toEqual([]);
  });

  it("leaves pods behind that can go, when it is deleted before they end", async () => {
    await createJob(cluster, "work", {}, { annotations: { "kubesim.dev/duration": "1h" } });
    await cluster.clock.advance(3_000);
    await cluster.objects.delete(jobs, keyOf(await find(cluster, jobs, "work")));
    await cluster.clock.advance(3_000);
    const [left] = await livePods(cluster);
    expect(left?.metadata.finalizers ?? []).toEqual([]);
    expect(left?.metadata.ownerReferences ?? []).toEqual([]);
  });

  it("is one of a hundred pods, each counted once, while a node is lost", async () => {
    const duration = { annotations: { "kubesim.dev/duration": "3s" } };
    await createJob(cluster, "work", { completions: 100, parallelism: 20, backoffLimit: 200 }, duration);
    await cluster.clock.advance(2_000);
    await cluster.fail("node-1");
    await cluster.clock.advance(8_000);
    await cluster.heal("node-1");
    await cluster.clock.advance(900_000);
    expect(await status()).toMatchObject({ succeeded: 100, uncountedTerminatedPods: {} });
    const succeeded = (await cluster.pods()).filter(({ status: { phase } }) => phase === "Succeeded");
    expect(succeeded.length).toBe(100);
  });
});
