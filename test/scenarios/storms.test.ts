import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { simulatedAgent } from "../../src/agents/simulated.ts";
import { nodes } from "../../src/api/kinds/node.ts";
import { nodeFaults } from "../../src/api/kinds/node-fault.ts";
import { createRandom } from "../../src/lib/random.ts";
import { ClusterUnderTest } from "./cluster-under-test.ts";
import { Invariants } from "./invariants.ts";

const NODES = 6;
const PODS = 24;

/** Something that happens to the cluster; numbers name nodes and pods. */
type Happening =
  | { readonly what: "add-node" | "remove-node" | "heal" | "cordon" | "uncordon"; readonly node: number }
  | { readonly what: "fail"; readonly node: number; readonly fault: "node-crash" | "node-hang" }
  | { readonly what: "launch"; readonly pod: number; readonly cpu: number; readonly seconds: number }
  | { readonly what: "delete" | "evict"; readonly pod: number }
  | { readonly what: "strategy"; readonly name: string }
  | { readonly what: "profile"; readonly name: string }
  | { readonly what: "wait"; readonly ms: number };

const node = fc.nat(NODES - 1);
const pod = fc.nat(PODS - 1);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ what: fc.constantFrom("add-node", "remove-node"), node }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constantFrom("cordon", "uncordon"), node }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant("heal"), node }) },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant("fail"),
      node,
      fault: fc.constantFrom("node-crash", "node-hang"),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      what: fc.constant("launch"),
      pod,
      cpu: fc.integer({ min: 1, max: 30 }),
      seconds: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 20 })),
    }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constantFrom("delete", "evict"), pod }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant("strategy"),
      name: fc.constantFrom("first-fit", "best-fit", "worst-fit", "round-robin", "random", "kubernetes"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant("profile"), name: fc.constantFrom("fast", "classic") }),
  },
  { weight: 8, arbitrary: fc.record({ what: fc.constant("wait"), ms: fc.integer({ min: 1, max: 9_000 }) }) },
) as fc.Arbitrary<Happening>;

async function happen(cluster: ClusterUnderTest, event: Happening): Promise<void> {
  switch (event.what) {
    case "add-node":
      await cluster.addNode(`node-${event.node}`);
      return;
    case "remove-node":
      await cluster.removeNode(`node-${event.node}`);
      return;
    case "cordon":
    case "uncordon":
      return cluster.cordon(`node-${event.node}`, event.what === "cordon");
    case "fail":
      return cluster.fail(`node-${event.node}`, event.fault);
    case "heal":
      return healAll(cluster, `node-${event.node}`);
    case "launch": {
      const ends = event.seconds > 0 ? { "kubesim.dev/duration": `${event.seconds}s` } : {};
      const options = { annotations: ends, cpu: `${event.cpu * 100}m`, restartPolicy: "OnFailure" } as const;
      await cluster.launch(`pod-${event.pod}`, options);
      return;
    }
    case "delete":
      return cluster.deletePod(`pod-${event.pod}`);
    case "evict":
      return cluster.evict(`pod-${event.pod}`);
    case "strategy":
      return cluster.set({ strategy: event.name });
    case "profile":
      return cluster.set({ timingProfile: event.name });
    case "wait":
      return cluster.clock.advance(event.ms);
  }
}

async function healAll(cluster: ClusterUnderTest, nodeName?: string): Promise<void> {
  for (const fault of (await cluster.objects.list(nodeFaults)).items) {
    if (nodeName !== undefined && fault.spec.nodeName !== nodeName) continue;
    await cluster.objects.delete(nodeFaults, { name: fault.metadata.name });
  }
}

/** What the storms have stirred up; a storm in which nothing happens proves nothing. */
const stirred = { moved: 0, running: 0, waiting: 0, looks: 0 };

async function stir(cluster: ClusterUnderTest): Promise<void> {
  stirred.moved += (await cluster.events("Rescheduled")).length;
  stirred.running += cluster.runningPods().length;
  stirred.waiting += (await cluster.pods()).filter(({ spec }) => spec.nodeName === undefined).length;
}

async function storm(events: readonly Happening[]): Promise<void> {
  const cluster = await ClusterUnderTest.start();
  const invariants = new Invariants(cluster);
  try {
    await cluster.addNodes(3);
    for (const event of events) {
      // What cannot be done (a node that is not there, a name that is taken) just does not happen.
      await happen(cluster, event).catch(() => undefined);
    }
    await healAll(cluster);
    for (const { metadata } of (await cluster.objects.list(nodes)).items) {
      await cluster.cordon(metadata.name, false);
    }
    await cluster.clock.advance(60_000);
    await stir(cluster);
    stirred.looks += invariants.looks;
    expect(invariants.violations).toEqual([]);
    expect(invariants.waitingThoughTheyFit()).toEqual([]);
    expect(invariants.placedButNotRunning()).toEqual([]);
    expect(cluster.errors).toEqual([]);
  } finally {
    invariants.stop();
    cluster.stop();
  }
}

describe("storms of random operations", () => {
  it("break no invariant, and 60 s after all is healed every pod that fits is running", async () => {
    const property = fc.asyncProperty(fc.array(happening, { minLength: 30, maxLength: 150 }), storm);
    await fc.assert(property, { numRuns: 60, seed: 20_250_101 });
    expect(stirred.moved).toBeGreaterThan(50);
    expect(stirred.running).toBeGreaterThan(200);
    expect(stirred.waiting).toBeGreaterThan(5);
    expect(stirred.looks, "running pods, looked at while it stormed").toBeGreaterThan(100_000);
  });
});

describe("the checker of invariants", () => {
  it("sees over-commitment, bindings to closed nodes and pods that wait although they fit", async () => {
    const cluster = await ClusterUnderTest.start();
    const invariants = new Invariants(cluster);
    await cluster.addNodes(2);
    await cluster.launch("too-big", { nodeName: "node-1", cpu: "5" });
    await cluster.cordon("node-2");
    await cluster.launch("closed", { nodeName: "node-2" });
    await cluster.cordon("node-2", false);
    await cluster.launch("forgotten", { spec: { schedulerName: "nobody" } });
    await cluster.launch("nowhere", { nodeName: "node-9" });
    await cluster.clock.settle();
    expect(invariants.violations.map((text) => text.replace(/^\d+ ms: /, ""))).toEqual([
      "node-1 over-committed by 1000 cpu",
      "default/closed bound to node-2, which takes no pods",
      "default/nowhere bound to node-9, which takes no pods",
    ]);
    expect(invariants.waitingThoughTheyFit()).toEqual(["forgotten fits on node-2"]);
    expect(invariants.placedButNotRunning()).toHaveLength(3);
    invariants.stop();
    cluster.stop();
  });

  it("sees a pod that runs on two machines at once, at any moment", async () => {
    const cluster = await ClusterUnderTest.start();
    const { objects, clock } = cluster;
    const random = createRandom("second");
    const second = await simulatedAgent.start({ objects, clock, random, onError: () => undefined });
    const both = () => [...cluster.runningPods(), ...second.pods()];
    const doubled = Object.create(cluster, { runningPods: { value: both } }) as ClusterUnderTest;
    const invariants = new Invariants(doubled);
    await cluster.addNodes(1);
    await cluster.launch("twice");
    await cluster.clock.advance(2_000);
    const texts = invariants.violations.map((text) => text.replace(/^\d+ ms: /, ""));
    expect(new Set(texts)).toEqual(new Set(["default/twice runs on node-1 and on node-1"]));
    expect(texts.length, "between the commits, too").toBeGreaterThan(50);
    invariants.stop();
    second.stop();
    cluster.stop();
  });
});
