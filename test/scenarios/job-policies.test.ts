import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Kind } from "../../src/api/kind.ts";
import { jobs } from "../../src/api/kinds/job.ts";
import { pods } from "../../src/api/kinds/pod.ts";
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

const INDEX = "batch.kubernetes.io/job-completion-index";
const status = async () => (await find(cluster, jobs, "work")).status;
const conditions = async () =>
  ((await status()).conditions ?? []).map(({ type, reason, message }) => [type, reason, message]);
const slow = { annotations: { "kubesim.dev/duration": "10s" } };

/** Lets the pods that run now for these indexes end with a code. */
async function failIndexes(indexes: readonly number[], code = 3): Promise<void> {
  for (const { metadata, status: now } of await livePods(cluster)) {
    const isOver = now.phase === "Failed" || now.phase === "Succeeded";
    if (isOver || !indexes.includes(Number(metadata.labels?.[INDEX]))) continue;
    await patch(cluster, pods, metadata.name, {
      metadata: { annotations: { "kubesim.dev/exit-code": String(code) } },
    });
  }
}

describe("a Job with a pod failure policy", () => {
  const policy = (...rules: object[]) => ({ podFailurePolicy: { rules } });
  const onExitCodes = (action: string, values: readonly number[], operator = "In") => ({
    action,
    onExitCodes: { operator, values },
  });

  it("fails at once for a code that says so", async () => {
    const spec = { backoffLimit: 5, ...policy(onExitCodes("FailJob", [42])) };
    const { spec: made } = await createJob(cluster, "work", spec, { exitCode: 42 });
    expect(made.podReplacementPolicy).toBe("Failed");
    await cluster.clock.advance(10_000);
    const [failed] = await cluster.pods();
    const message =
      `Container main for pod default/${failed?.metadata.name} failed with exit code 42 ` +
      "matching FailJob rule at index 0";
    expect(await conditions()).toEqual([
      ["FailureTarget", "PodFailurePolicy", message],
      ["Failed", "PodFailurePolicy", message],
    ]);
    expect(await status()).toMatchObject({ failed: 1 });
    expect((await cluster.events("PodFailurePolicy"))[0]).toMatchObject({ type: "Warning", message });
  });

  it("counts what a rule before says, and ignores disruptions", async () => {
    const ignored = { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget" }] };
    const rules = policy(onExitCodes("Count", [1]), onExitCodes("FailJob", [0], "NotIn"), ignored);
    await createJob(cluster, "work", { backoffLimit: 0, ...rules }, { exitCode: 1 });
    await cluster.clock.advance(10_000);
    expect((await conditions()).map(([, reason]) => reason)).toEqual(Array(2).fill("BackoffLimitExceeded"));
    const { spec } = await createJob(cluster, "spared", { backoffLimit: 0, ...policy(ignored) }, slow);
    expect(spec.podFailurePolicy?.rules[0]?.onPodConditions).toEqual([
      { type: "DisruptionTarget", status: "True" },
    ]);
    await cluster.clock.advance(3_000);
    const [pod] = (await livePods(cluster)).filter(({ metadata }) => metadata.name.startsWith("spared"));
    await cluster.objects.act(
      pods as unknown as Kind,
      { namespace: "default", name: pod?.metadata.name ?? "" },
      "eviction",
      {
        apiVersion: "policy/v1",
        kind: "Eviction",
        metadata: { name: pod?.metadata.name },
      },
    );
    await cluster.clock.advance(60_000);
    const spared = (await find(cluster, jobs, "spared")).status;
    expect(spared).toMatchObject({ succeeded: 1 });
    expect(spared.failed).toBeUndefined();
  });
});

describe("an indexed Job with a limit for each index", () => {
  const INDEXED = { completionMode: "Indexed", backoffLimitPerIndex: 1 };

  it("tries each index again by itself, and fails with those that have failed for good", async () => {
    const { spec } = await createJob(cluster, "work", { ...INDEXED, completions: 3, parallelism: 3 }, slow);
    expect(spec.backoffLimit).toBe(2_147_483_647);
    await cluster.clock.advance(2_000);
    await failIndexes([1]);
    await cluster.clock.advance(12_000);
    expect(await status()).toMatchObject({ succeeded: 2, completedIndexes: "0,2", failedIndexes: "" });
    expect(await livePods(cluster)).toHaveLength(3);
    await cluster.clock.advance(8_500);
    const [again] = (await cluster.pods()).filter(({ status: { phase } }) => phase === "Running");
    expect(again?.metadata.annotations).toMatchObject({
      [INDEX]: "1",
      "batch.kubernetes.io/job-index-failure-count": "1",
    });
    await failIndexes([1]);
    await cluster.clock.advance(15_000);
    expect(await status()).toMatchObject({ succeeded: 2, failed: 2, failedIndexes: "1" });
    expect(await conditions()).toEqual([
      ["FailureTarget", "FailedIndexes", "Job has failed indexes"],
      ["Failed", "FailedIndexes", "Job has failed indexes"],
    ]);
  });

  it("gives up when too many have failed, or when one may not be tried again", async () => {
    const rules = [{ action: "FailIndex", onExitCodes: { operator: "In", values: [7] } }];
    const more = { completions: 4, parallelism: 4, maxFailedIndexes: 1, podFailurePolicy: { rules } };
    await createJob(cluster, "work", { ...INDEXED, backoffLimitPerIndex: 5, ...more }, slow);
    await cluster.clock.advance(2_000);
    await failIndexes([0, 2], 7);
    await cluster.clock.advance(60_000);
    expect(await status()).toMatchObject({ failedIndexes: "0,2" });
    const message = "Job has exceeded the specified maximal number of failed indexes";
    expect((await conditions()).at(-1)).toEqual(["Failed", "MaxFailedIndexesExceeded", message]);
  });
});

describe("a Job with a success policy", () => {
  it("is done when its rule is met, and ends the pods that are left", async () => {
    const rules = [{ succeededIndexes: "3" }, { succeededIndexes: "0-1", succeededCount: 1 }];
    const spec = { completionMode: "Indexed", completions: 4, parallelism: 2, successPolicy: { rules } };
    await createJob(cluster, "work", spec, slow);
    await cluster.clock.advance(2_000);
    await failIndexes([1]);
    await cluster.clock.advance(60_000);
    expect(await conditions()).toEqual([
      ["SuccessCriteriaMet", "SuccessPolicy", "Matched rules at index 1"],
      ["Complete", "SuccessPolicy", "Matched rules at index 1"],
    ]);
    expect(await status()).toMatchObject({ succeeded: 1, completedIndexes: "0" });
  });
});

describe("a Job that another controller manages", () => {
  it("is left alone", async () => {
    await createJob(cluster, "work", { managedBy: "example.com/queue" });
    await cluster.clock.advance(10_000);
    expect(await status()).toEqual({});
    expect(await cluster.pods()).toEqual([]);
    await createJob(cluster, "own", { managedBy: "kubernetes.io/job-controller" });
    await cluster.clock.advance(10_000);
    expect((await find(cluster, jobs, "own")).status).toMatchObject({ succeeded: 1 });
  });
});
