import { afterEach, describe, expect, it } from "vitest";
import { takeSnapshot } from "../../src/simulate/snapshot.ts";
import { parseSteps, WhatIfError } from "../../src/simulate/what-if/step.ts";
import { type WhatIfResult, whatIf } from "../../src/simulate/what-if/what-if.ts";
import { type HeldCluster, startHeld } from "./held-cluster.ts";

const running: HeldCluster[] = [];
afterEach(async () => {
  for (const { cluster } of running.splice(0)) await cluster.stop();
});

const defaults = { node: { cpu: "4", memory: "8Gi" }, pod: { cpu: "1" }, files: [] };

/** Three nodes of 4 cores: five pods of one core, first-fit, so four on node-1 and one on node-2. */
async function start(): Promise<HeldCluster> {
  const held = await startHeld();
  running.push(held);
  for (let node = 1; node <= 3; node++) await held.addNode(`node-${node}`);
  for (let pod = 1; pod <= 5; pod++) await held.launch(`pod-${pod}`);
  await held.advance("1m");
  return held;
}

/** Tries it, and proves that the cluster was not touched. */
async function ask(held: HeldCluster, sentence: string): Promise<WhatIfResult> {
  const revision = async () => (await held.send("GET", "/api/v1/pods")).body.metadata.resourceVersion;
  const everything = async () => JSON.stringify((await takeSnapshot(held.cluster.objects)).records);
  const before = [await revision(), await everything(), (await held.clock()).status.time];
  const result = await whatIf({
    snapshot: await takeSnapshot(held.cluster.objects),
    steps: parseSteps([sentence], defaults),
    launches: new Map(),
    withinMs: 600_000,
  });
  expect([await revision(), await everything(), (await held.clock()).status.time]).toEqual(before);
  return result;
}

describe("what-if", () => {
  it("says where the pods of a drained node would go, as they do when it is drained for real", async () => {
    const held = await start();
    const { steps, after } = await ask(held, "drain node-1");
    const [step] = steps;
    expect(step?.drained).toEqual({ evicted: 4, blocked: [], left: 0 });
    expect(step?.moves.map(({ pod, from, to }) => [pod, from, to])).toEqual([
      ["default/pod-1", "node-1", "node-2"],
      ["default/pod-2", "node-1", "node-2"],
      ["default/pod-3", "node-1", "node-2"],
      ["default/pod-4", "node-1", "node-3"],
    ]);
    await held.send(
      "PATCH",
      "/api/v1/nodes/node-1",
      { spec: { unschedulable: true } },
      "application/merge-patch+json",
    );
    for (let pod = 1; pod <= 4; pod++) {
      await held.send("POST", `/api/v1/namespaces/default/pods/pod-${pod}/eviction`, {
        apiVersion: "policy/v1",
        kind: "Eviction",
        metadata: { name: `pod-${pod}` },
      });
    }
    await held.advance("1m");
    const real = (await held.send("GET", "/api/v1/pods")).body.items;
    const places = (pods: readonly { metadata: { name: string }; spec: { nodeName?: string } }[]) =>
      pods.map(({ metadata, spec }) => `${metadata.name} ${spec.nodeName}`);
    expect(places(after.pods)).toEqual(places(real));
  });

  it("says which pods would wait and why, and that new nodes would take them", async () => {
    const { steps, after } = await ask(await start(), "remove node-1 node-2 then add 1 node cpu=8");
    expect(steps[0]?.waiting.map(({ pod, isNew }) => [pod, isNew])).toEqual([["default/pod-5", true]]);
    expect(steps[0]?.waiting[0]?.why).toMatch(/^0\/1 nodes are available: 1 Insufficient cpu\./);
    expect(steps[1]?.placed).toEqual([{ pod: "default/pod-5", to: "node-1" }]);
    expect(after.nodes.map(({ metadata }) => metadata.name).sort()).toEqual(["node-1", "node-3"]);
  });

  it("sees a disruption budget hold pods back", async () => {
    const held = await start();
    await held.send("POST", "/apis/policy/v1/namespaces/default/poddisruptionbudgets", {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: "all" },
      spec: { minAvailable: 5, selector: {} },
    });
    const { steps } = await ask(held, "drain node-2");
    expect(steps[0]?.drained?.blocked.map(({ pod }) => pod)).toEqual(["default/pod-5"]);
    expect(steps[0]?.moves).toEqual([]);
  });

  it("notices a crash only after the grace, and compares a strategy from scratch", async () => {
    const held = await start();
    const crash = await ask(held, "crash node-2");
    expect(crash.steps[0]?.moves).toMatchObject([{ pod: "default/pod-5", from: "node-2", to: "node-3" }]);
    expect(crash.steps[0]?.settledMs).toBeGreaterThan(3_000);
    const spread = await ask(held, "strategy spread");
    expect(spread.steps[0]?.moves).toEqual([]);
    expect(spread.steps[0]?.fromScratch).toEqual({
      strategy: "spread",
      placed: 5,
      waiting: 0,
      nodesUsed: 3,
      nodesUsedNow: 2,
    });
  });

  it("refuses what it does not understand or cannot find, with a hint", async () => {
    const held = await start();
    for (const sentence of ["explode", "drain", "add nodes", "add 0 nodes", "add 2 nodes cpu=x", "launch"]) {
      expect(() => parseSteps([sentence], defaults)).toThrow(WhatIfError);
    }
    await expect(ask(held, "drain node-4")).rejects.toThrow('Couldn\'t find node "node-4"');
    await expect(ask(held, "remove zone q")).rejects.toThrow('There is no node in zone "q"');
    await expect(ask(held, "strategy best-fi")).rejects.toThrow(WhatIfError);
  });
});
