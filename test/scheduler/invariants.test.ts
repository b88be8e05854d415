import fc from "fast-check";
import { expect, test } from "vitest";
import { ApiError } from "../../src/api/errors.ts";
import { isNodeReady, nodes } from "../../src/api/kinds/node.ts";
import { type Pod, pods } from "../../src/api/kinds/pod.ts";
import { isFinished } from "../../src/api/kinds/pod-phase.ts";
import { resourceAmount } from "../../src/api/quantity.ts";
import { SchedulerUnderTest, withAct } from "./scheduler-under-test.ts";

/**
 * Goal: whatever happens in which order, no node is over-committed, nothing waits that would fit, and nobody is moved.
 * Method: random histories on a real store, bindings that fail now and then, all checked against what the objects say.
 */
const STRATEGIES = ["first-fit", "best-fit", "worst-fit", "spread", "round-robin", "random", "kubernetes"];

const nodeName = fc.nat({ max: 5 }).map((at) => `node-${at}`);
const podName = fc.nat({ max: 25 }).map((at) => `pod-${at}`);
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("node" as const), nodeName }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("drop" as const), nodeName }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("cordon" as const), nodeName }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("ready" as const), nodeName, ready: fc.boolean() }) },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant("pod" as const),
      podName,
      cpu: fc.integer({ min: 1, max: 15 }),
      priority: fc.nat({ max: 1 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("finish" as const), podName }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("remove" as const), podName }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("strategy" as const), name: fc.constantFrom(...STRATEGIES) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("wait" as const), seconds: fc.nat({ max: 20 }) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

test("no over-commit, nothing waits that fits, nobody is moved", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: "max" }), fc.boolean(), async (steps, fails) => {
      const cluster = await SchedulerUnderTest.start(failing(fails));
      const homes = new Map<string, string>();
      for (const step of steps) {
        await apply(cluster, step);
        if (step.do === "wait") await check(cluster, homes);
      }
      await cluster.clock.advance(60_000);
      while (await endPreempted(cluster)) await cluster.clock.advance(60_000);
      const { waiting, fitting } = await check(cluster, homes);
      expect(fitting, `of ${waiting} that wait`).toEqual([]);
      expect(cluster.errors).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

let acts = 0;

/** Lets every third binding fail, half of these after it was done. */
function failing(fails: boolean): Parameters<typeof SchedulerUnderTest.start>[0] {
  return (objects) =>
    withAct(objects, async (kind, key, action, body, options) => {
      const failsNow = fails && ++acts % 3 === 0;
      if (failsNow && acts % 2 === 0) throw new ApiError("ServiceUnavailable", "away");
      const done = await objects.act(kind, key, action, body, options);
      if (failsNow) throw new ApiError("Timeout", "no answer");
      return done;
    });
}

/** Steps about what is not there do nothing. */
async function apply(cluster: SchedulerUnderTest, step: Step): Promise<void> {
  switch (step.do) {
    case "wait":
      return cluster.clock.advance(step.seconds * 500);
    case "strategy":
      return cluster.setStrategy(step.name);
    case "restart":
      cluster.stopScheduler();
      return cluster.startScheduler(failing(false));
    default:
      await change(cluster, step).catch((error: unknown) => {
        if (!(error instanceof ApiError) || (error.reason !== "NotFound" && error.reason !== "AlreadyExists"))
          throw error;
      });
  }
}

async function change(
  cluster: SchedulerUnderTest,
  step: Exclude<Step, { do: "wait" | "strategy" | "restart" }>,
): Promise<unknown> {
  switch (step.do) {
    case "node":
      // A node that comes again has the size that it had: its pods may still be there.
      return cluster.addNode(step.nodeName, {
        cpu: String(1 + (Number(step.nodeName.at(-1)) % 4)),
        memory: "1Gi",
      });
    case "drop":
      return cluster.objects.delete(nodes, { name: step.nodeName });
    case "cordon":
      return cluster.changeNode(step.nodeName, (node) => ({
        ...node,
        spec: { ...node.spec, unschedulable: !node.spec.unschedulable },
      }));
    case "ready":
      return cluster.setReady(step.nodeName, step.ready ? "True" : "Unknown");
    case "pod":
      return cluster.addPod(step.podName, { cpu: `${step.cpu}00m` }, { spec: { priority: step.priority } });
    case "finish":
      return cluster.finish(step.podName);
    case "remove":
      return cluster.remove(step.podName);
  }
}

/** Ends the pods that were asked to go, as their nodes would. @returns whether there were any */
async function endPreempted(cluster: SchedulerUnderTest): Promise<boolean> {
  const { items } = await cluster.objects.list(pods);
  const ending = items.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
  for (const { metadata } of ending) await cluster.remove(metadata.name);
  return ending.length > 0;
}

async function check(cluster: SchedulerUnderTest, homes: Map<string, string>) {
  const { items: all } = await cluster.objects.list(pods);
  const live = all.filter((pod) => !isFinished(pod));
  const free = new Map<string, number>();
  const usable = new Set<string>();
  for (const node of (await cluster.objects.list(nodes)).items) {
    const used = live.filter((pod) => pod.spec.nodeName === node.metadata.name).map(cpuOf);
    const left = resourceAmount("cpu", node.status.allocatable?.cpu ?? "0") - used.reduce((a, b) => a + b, 0);
    free.set(node.metadata.name, left);
    if (isNodeReady(node) && !node.spec.unschedulable) usable.add(node.metadata.name);
    expect(left, `${node.metadata.name} is over-committed`).toBeGreaterThanOrEqual(0);
  }
  for (const { metadata, spec } of all) {
    const home = homes.get(metadata.uid);
    if (home !== undefined) expect(spec.nodeName).toBe(home);
    if (spec.nodeName !== undefined) homes.set(metadata.uid, spec.nodeName);
  }
  const waiting = live.filter((pod) => !pod.spec.nodeName);
  const fits = (pod: Pod) => [...usable].some((name) => (free.get(name) as number) >= cpuOf(pod));
  return { waiting: waiting.length, fitting: waiting.filter(fits).map((pod) => pod.metadata.name) };
}

function cpuOf(pod: Pod): number {
  return resourceAmount("cpu", pod.spec.containers[0]?.resources?.requests?.cpu ?? "0");
}
