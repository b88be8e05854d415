import { expect, test } from "vitest";
import type { SchedulingDecision } from "../../src/api/kinds/scheduling-decision.ts";
import { SchedulerUnderTest } from "./scheduler-under-test.ts";

/** A pod that a user's own strategy has placed on one of two nodes. */
async function placedBy(source: string): Promise<{ cluster: SchedulerUnderTest; name: string }> {
  const cluster = await SchedulerUnderTest.start();
  await cluster.addNode("first", { cpu: "64" });
  await cluster.addNode("small", { cpu: "2" });
  await cluster.setStrategy("own", source);
  let count = 0;
  const place = async (): Promise<string | undefined> => {
    await cluster.addPod(`pod-${++count}`, { cpu: "10m" });
    await cluster.settle();
    return cluster.decision(`pod-${count}`)?.strategy;
  };
  await expect.poll(place).toBe("own");
  return { cluster, name: `pod-${count}` };
}

/** The best score, as it travels. */
function bestScore(decision: SchedulingDecision | undefined): unknown {
  const { topScores } = JSON.parse(JSON.stringify(decision)) as SchedulingDecision;
  return topScores[0];
}

test("a score that failed is told with the pod: in its decision, and in an event", async () => {
  const { cluster, name } = await placedBy('export default { score: () => { throw new Error("ouch"); } };');
  expect(bestScore(cluster.decision(name))).toEqual({
    nodeName: "first",
    score: -Number.MAX_VALUE,
    why: "not scored: ouch",
  });
  expect(await cluster.messages(name)).toContain('strategy "own" failed to score nodes: ouch');
  await cluster.setStrategy("first-fit");
  await cluster.addPod("after", { cpu: "1" });
  await cluster.settle();
  expect(bestScore(cluster.decision("after"))).toMatchObject({ why: "number 1 in order of creation" });
  expect(await cluster.messages("after")).toEqual(["Successfully assigned default/after to first"]);
});

test("a score without end wins, and can be told as JSON", async () => {
  const source = 'export default { score: (pod, node) => (node.name === "small" ? Infinity : 1) };';
  const { cluster, name } = await placedBy(source);
  expect(bestScore(cluster.decision(name))).toEqual({ nodeName: "small", score: Number.MAX_VALUE });
});
