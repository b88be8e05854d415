import { expect, test } from "vitest";
import { SchedulerUnderTest } from "./scheduler-under-test.ts";

const MOST_MEMORY = `export default {
  name: "most-memory",
  score: (pod, node) => node.allocatable.memory - node.requested.memory,
};`;

async function threeNodes(): Promise<SchedulerUnderTest> {
  const cluster = await SchedulerUnderTest.start();
  await cluster.addNode("first", { cpu: "4", memory: "1Gi" });
  await cluster.addNode("small", { cpu: "2", memory: "64Gi" });
  await cluster.addNode("large", { cpu: "64", memory: "2Gi" });
  await cluster.settle();
  return cluster;
}

test("a switched strategy places the next pod, while running", async () => {
  const cluster = await threeNodes();
  for (const strategy of ["first-fit", "best-fit", "worst-fit", "spread"]) {
    await cluster.setStrategy(strategy);
    await cluster.addPod(strategy, { cpu: "1" });
    await cluster.settle();
    expect(cluster.decision(strategy)?.strategy).toBe(strategy);
  }
  expect(await cluster.places()).toEqual({
    "first-fit": "first",
    "best-fit": "small",
    "worst-fit": "large",
    spread: "first",
  });
});

test("a user's own strategy is loaded from its text", async () => {
  const cluster = await threeNodes();
  await cluster.setStrategy("most-memory", MOST_MEMORY);
  await expect.poll(() => place(cluster, "most-memory")).toBe("small");
  expect(cluster.errors).toEqual([]);
});

test("a broken strategy is reported, and the one before stays in force", async () => {
  const cluster = await threeNodes();
  await cluster.setStrategy("worst-fit");
  await cluster.setStrategy("broken", "export default 5;");
  await cluster.settle();
  await expect.poll(() => cluster.errors.length).toBe(1);
  expect(String(cluster.errors[0])).toContain('strategy "broken" has no function called score');
  expect(await cluster.messages("cluster")).toEqual([expect.stringContaining('"worst-fit" stays in force')]);
  expect(await place(cluster, "worst-fit")).toBe("large");
});

test("a strategy that nobody knows is told in the settings' status and an event, and harms nothing", async () => {
  const cluster = await threeNodes();
  await cluster.setStrategy("worst-fit");
  await cluster.setStrategy("nope");
  await cluster.settle();
  const message = 'no strategy is called "nope"; "worst-fit" stays in force';
  expect((await cluster.settings()).status).toEqual({ strategy: "worst-fit", message });
  expect(await place(cluster, "worst-fit")).toBe("large");
  await cluster.clock.advance(5_000);
  expect(await cluster.messages("cluster")).toEqual([message]);

  cluster.stopScheduler();
  await cluster.startScheduler();
  const afterRestart = 'no strategy is called "nope"; "first-fit" stays in force';
  expect((await cluster.settings()).status).toEqual({ strategy: "first-fit", message: afterRestart });
  expect(await place(cluster, "first-fit")).toBe("first");

  await cluster.setStrategy("best-fit");
  await cluster.settle();
  expect(await cluster.settings()).not.toHaveProperty("status");
  expect(await place(cluster, "best-fit")).toBe("small");
});

test("a refusal that is written late does not outlive the choice it was about", async () => {
  const cluster = await threeNodes();
  for (let round = 0; round < 5; round++) {
    void cluster.setStrategy("nope");
    await cluster.setStrategy("worst-fit");
    await cluster.settle();
    const { spec, status } = await cluster.settings();
    expect(status?.strategy, spec.strategy).toBe(spec.strategy === "nope" ? "worst-fit" : undefined);
  }
});

test("a strategy that throws or gives no number does not stop scheduling", async () => {
  const cluster = await threeNodes();
  const source = `export default { name: "odd", score: (pod, node) => {
    if (node.name === "first") throw new Error("first is cursed");
    return node.name === "small" ? NaN : 1;
  } };`;
  await cluster.setStrategy("odd", source);
  await expect.poll(() => place(cluster, "odd")).toBe("large");
  expect(cluster.errors.map(String)).toContainEqual(
    expect.stringMatching(/strategy "odd" failed to score nodes for pod default\/pod-\d+: first is cursed/),
  );
});

test("a strategy that does not end is put out of force, and its pod placed by the one before", async () => {
  const cluster = await threeNodes();
  await cluster.setStrategy("worst-fit");
  await cluster.setStrategy("endless", 'export default { name: "endless", score: () => { for (;;); } };');
  await expect.poll(() => place(cluster, "worst-fit")).toBe("large");
  await expect
    .poll(() => cluster.errors.map(String))
    .toEqual([
      'Error: The score of strategy "endless" had not come to an end after 0.2 s; "worst-fit" stays in force',
    ]);
  expect((await cluster.settings()).status).toMatchObject({ strategy: "worst-fit" });
  // Another choice is followed as ever.
  await cluster.setStrategy("most-memory", MOST_MEMORY);
  await expect.poll(() => place(cluster, "most-memory")).toBe("small");
});

test("the strategy in force at a restart is the one that was chosen before", async () => {
  const cluster = await threeNodes();
  await cluster.setStrategy("worst-fit");
  cluster.stopScheduler();
  await cluster.addPod("waits", { cpu: "1" });
  await cluster.startScheduler();
  await cluster.settle();
  expect(await cluster.nodeOf("waits")).toBe("large");
});

let count = 0;

/** Places one more pod. @returns its node when the strategy placed it */
async function place(cluster: SchedulerUnderTest, strategy: string): Promise<string | undefined> {
  const name = `pod-${++count}`;
  await cluster.addPod(name, { cpu: "1" });
  await cluster.settle();
  const decision = cluster.decision(name);
  return decision?.strategy === strategy ? decision.nodeName : undefined;
}
