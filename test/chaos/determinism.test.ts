import { expect, it } from "vitest";
import { digestOf } from "../../src/chaos/event-log.ts";
import type { ChaosEvent } from "../../src/chaos/events.ts";
import { ClusterUnderTest } from "../scenarios/cluster-under-test.ts";
import { ofType, type PerformedRun, performChaos } from "./chaos-under-test.ts";

/** Ten nodes and twenty pods from scratch, then two minutes of chaos. */
async function run(seed: string, nodes = 10, fault = "node-crash,node-hang=0.5"): Promise<PerformedRun> {
  const cluster = await ClusterUnderTest.start();
  await cluster.addNodes(nodes);
  for (let pod = 1; pod <= 20; pod++) await cluster.launch(`pod-${pod}`);
  await cluster.clock.advance(10_000);
  const performed = await performChaos(cluster, { seed, duration: "120", fault: [fault] });
  cluster.stop();
  expect(cluster.errors).toEqual([]);
  return performed;
}

/** What the dice did to a node: when, and with which fault. */
function historyOf(events: readonly ChaosEvent[], node: string): readonly string[] {
  return events.flatMap((event) => {
    if (event.type === "fault-injected" && event.node === node) return [`${event.t} ${event.fault}`];
    return event.type === "node-healed" && event.node === node ? [`${event.t} healed`] : [];
  });
}

it("the same seed gives the same run, byte for byte; another seed does not", async () => {
  const first = await run("7");
  const second = await run("7");
  const other = await run("8");
  expect(first.events.length).toBeGreaterThan(200);
  expect(digestOf(second.events)).toBe(digestOf(first.events));
  expect(digestOf(other.events)).not.toBe(digestOf(first.events));
});

it("a node more leaves the history of the others as it was", async () => {
  const ten = await run("7", 10);
  const eleven = await run("7", 11);
  const names = Array.from({ length: 10 }, (_, index) => `node-${index + 1}`);
  for (const name of names) expect(historyOf(eleven.events, name)).toEqual(historyOf(ten.events, name));
  expect(names.flatMap((name) => historyOf(ten.events, name)).length).toBeGreaterThan(50);
  expect(historyOf(eleven.events, "node-11").length).toBeGreaterThan(0);
});

it("a fault kind more changes no time", async () => {
  const times = ({ events }: PerformedRun) =>
    ofType(events, "fault-injected").map(({ t, node }) => `${t} ${node}`);
  expect(times(await run("7", 10, "node-crash,node-hang"))).toEqual(times(await run("7", 10, "node-crash")));
});

it("a run without a seed draws one, tells it, and can be repeated with it", async () => {
  const cluster = await ClusterUnderTest.start();
  await cluster.addNodes(5);
  const { outcome, events } = await performChaos(cluster, { duration: "60" });
  const again = await performChaos(cluster, { duration: "60", seed: outcome.seed });
  cluster.stop();
  const [started] = ofType(events, "run-started");
  expect(started?.seed).toBe(outcome.seed);
  for (let node = 1; node <= 5; node++) {
    expect(historyOf(again.events, `node-${node}`)).toEqual(historyOf(events, `node-${node}`));
  }
});
