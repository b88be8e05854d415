import { expect, it } from "vitest";
import { events } from "../../src/api/kinds/event.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";
import { createReplicaSet } from "./workloads.ts";

it("events about one owner of many pods are combined after nine, and no more than a burst are written", async () => {
  const cluster = await ClusterUnderTest.start();
  await cluster.addNodes(1, { cpu: "64" });
  await createReplicaSet(cluster, "web", 60);
  await cluster.clock.advance(3_000);
  const made = await cluster.events("SuccessfulCreate");
  expect(made).toHaveLength(10);
  const combined = made.find(({ message }) =>
    message?.startsWith("(combined from similar events): Created pod: web-"),
  );
  expect(combined?.count).toBe(16);
  expect(made.reduce((sum, { count = 0 }) => sum + count, 0)).toBe(25);
  expect((await cluster.objects.list(events)).items.length).toBeGreaterThan(60);
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});
