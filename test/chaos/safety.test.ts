import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { leases } from "../../src/api/kinds/lease.ts";
import { isNodeReady, nodes } from "../../src/api/kinds/node.ts";
import { type NodeFault, nodeFaults } from "../../src/api/kinds/node-fault.ts";
import { modify } from "../../src/api/modify.ts";
import { runChaos } from "../../src/chaos/engine.ts";
import type { ChaosEvent } from "../../src/chaos/events.ts";
import { healAll } from "../../src/chaos/heal.ts";
import { ChaosRefused } from "../../src/chaos/refusal.ts";
import { makeReport } from "../../src/chaos/report/make-report.ts";
import { reportAsText } from "../../src/chaos/report/text.ts";
import type { ChaosInput } from "../../src/chaos/validate-options.ts";
import { createRandom } from "../../src/lib/random.ts";
import { ClusterUnderTest } from "../scenarios/cluster-under-test.ts";
import { ofType, optionsOf, performChaos } from "./chaos-under-test.ts";

let cluster: ClusterUnderTest;
beforeEach(async () => {
  cluster = await ClusterUnderTest.start();
});
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

async function faultsLeft(): Promise<number> {
  return (await cluster.objects.list(nodeFaults)).items.length;
}

async function chaosLeases(): Promise<number> {
  const { items } = await cluster.objects.list(leases, { namespace: "kube-system" });
  return items.filter(({ metadata }) => metadata.name === "kubesim-chaos").length;
}

async function expectAllWell(): Promise<void> {
  expect(await faultsLeft()).toBe(0);
  expect(await chaosLeases()).toBe(0);
  await cluster.clock.advance(10_000);
  const { items } = await cluster.objects.list(nodes);
  expect(items.filter((node) => !isNodeReady(node))).toEqual([]);
}

/** The cluster behind a server that refuses some verbs. */
function refusing(refuses: (verb: string, nowMs: number) => boolean, message: string): ClusterUnderTest {
  const objects = new Proxy(cluster.objects, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      return (...parts: unknown[]): unknown => {
        const refused = name !== "watch" && refuses(String(name), cluster.clock.monotonicMs());
        return refused ? Promise.reject(new Error(message)) : Reflect.apply(member, target, parts);
      };
    },
  });
  return Object.create(cluster, { objects: { value: objects } }) as ClusterUnderTest;
}

/** Begins a run and leaves it as a killed process does: nothing of it runs on, nothing is cleaned up. */
async function killedRun(): Promise<void> {
  const dead = new AbortController();
  const frozen = new Proxy(cluster.objects, {
    get(target, name) {
      if (dead.signal.aborted) return () => new Promise(() => undefined);
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  const context = {
    objects: frozen,
    clock: cluster.clock,
    random: createRandom("killed"),
    signal: new AbortController().signal,
    onEvent: () => undefined,
  };
  runChaos(context, optionsOf({ failureProb: "1", recoveryProb: "0", seed: "1" })).catch(() => undefined);
  await cluster.clock.advance(7_000);
  dead.abort();
  expect(await faultsLeft()).toBe(10);
}

/** The most faults of one run that act at once, by its events. */
function mostDown(events: readonly ChaosEvent[]): number {
  let down = 0;
  let most = 0;
  for (const { type } of events) {
    if (type === "fault-injected") most = Math.max(most, ++down);
    if (type === "node-healed") down--;
  }
  return most;
}

describe("whatever ends a run heals everything", () => {
  beforeEach(async () => {
    await cluster.addNodes(10);
    await cluster.clock.advance(10_000);
  });

  it("time", async () => {
    const { outcome, events } = await performChaos(cluster, { duration: "60", seed: "1" });
    expect(outcome).toMatchObject({ status: "completed", healed: true, deviated: false });
    expect(ofType(events, "fault-injected").length).toBeGreaterThan(10);
    expect(ofType(events, "phase").map(({ phase, t }) => [phase, t])).toEqual([
      ["waiting", 0],
      ["chaos", 0],
      ["healing", 60_000],
      ["settling", 60_000],
    ]);
    await expectAllWell();
  });

  it("Ctrl-C, in the middle of a tick's wait", async () => {
    const interrupt = new AbortController();
    cluster.clock.after(12_345, () => interrupt.abort());
    const { outcome, events } = await performChaos(cluster, { seed: "1" }, { signal: interrupt.signal });
    expect(outcome).toMatchObject({ status: "interrupted", healed: true });
    expect(events.at(-1)).toMatchObject({ t: 12_345, type: "run-ended" });
    await expectAllWell();
  });

  it("Ctrl-C before it began", async () => {
    const { outcome, events } = await performChaos(cluster, {}, { signal: AbortSignal.abort() });
    expect(outcome.status).toBe("interrupted");
    expect(ofType(events, "fault-injected")).toEqual([]);
    await expectAllWell();
  });

  it("an abort condition, with its own outcome", async () => {
    const input = { seed: "1", failureProb: "0.5", abort: ["down>4"] };
    const { outcome, events } = await performChaos(cluster, input);
    expect(outcome).toMatchObject({ status: "aborted", reason: "down>4", healed: true });
    expect(ofType(events, "condition-changed")).toMatchObject([{ role: "abort", holds: true, value: 5 }]);
    await expectAllWell();
  });

  it("a server that refuses every write for too long", async () => {
    const limping = refusing(
      (verb) => verb === "create" && cluster.clock.monotonicMs() > 18_000,
      "disk is full",
    );
    const { outcome, events } = await performChaos(limping, {
      seed: "1",
      recoveryProb: "0",
      failureProb: "0.1",
    });
    expect(outcome).toMatchObject({ status: "failed", reason: "disk is full", healed: true });
    expect(ofType(events, "write-failed").length).toBeGreaterThan(3);
    await expectAllWell();
  });

  it("a server that is away at the end: it tries again until the server is back", async () => {
    const away = refusing((_, nowMs) => nowMs > 65_000 && nowMs < 85_000, "connection refused");
    const { outcome, events } = await performChaos(away, { seed: "1", duration: "60" });
    expect(outcome).toMatchObject({ status: "completed", healed: true });
    expect(ofType(events, "node-healed").filter(({ cause }) => cause === "run-end").length).toBeGreaterThan(
      0,
    );
    await expectAllWell();
  });

  it("a server that stays away: it gives up after a while and says what is left to do", async () => {
    const away = refusing((_, nowMs) => nowMs > 65_000, "connection refused");
    const { outcome, events } = await performChaos(away, { seed: "1", duration: "60", settle: "0" });
    expect(outcome).toMatchObject({ status: "failed", healed: false });
    expect(events.at(-1)?.t).toBeLessThan(95_000);
    const report = makeReport(events);
    expect(report).toMatchObject({ verdict: "failed", run: { healed: false } });
    expect(reportAsText(report)).toContain("kubesim chaos heal");
    expect(await faultsLeft()).toBeGreaterThan(0);
    await healAll(cluster.objects);
    await expectAllWell();
  });

  it("a lease that another run took over", async () => {
    cluster.clock.after(12_000, () => {
      modify(cluster.objects, leases, { namespace: "kube-system", name: "kubesim-chaos" }, (lease) => ({
        ...lease,
        spec: { ...lease.spec, holderIdentity: "somebody" },
      })).catch((error: unknown) => expect(error).toBeUndefined());
    });
    const { outcome } = await performChaos(cluster, { seed: "1" });
    expect(outcome).toMatchObject({ status: "failed", healed: true });
    expect(outcome.reason).toContain("another chaos run took over: somebody");
    expect(await faultsLeft()).toBe(0);
    // It is the other's to give back.
    expect(await chaosLeases()).toBe(1);
  });

  it("kill -9, followed by heal; faults made by hand stay", async () => {
    await cluster.fail("node-1", "node-hang");
    await killedRun();
    const before = await faultsLeft();
    const healed = await healAll(cluster.objects);
    expect(healed.length).toBe(before - 1);
    expect((await cluster.objects.list(nodeFaults)).items.map(({ spec }) => spec.origin)).toEqual(["user"]);
    expect(await healAll(cluster.objects, { all: true })).toHaveLength(1);
    await expectAllWell();
  });

  it("kill -9, followed by the next run, as soon as the dead run's lease has run out", async () => {
    await killedRun();
    await expect(performChaos(cluster, { duration: "10" }, { name: "next" })).rejects.toThrow(ChaosRefused);
    await cluster.clock.advance(15_000);
    const { outcome, events } = await performChaos(cluster, { duration: "10", seed: "2" }, { name: "next" });
    expect(outcome.status).toBe("completed");
    expect(ofType(events, "leftovers-healed")).toMatchObject([{ faults: 10 }]);
    await expectAllWell();
  });
});

describe("one run at a time", () => {
  it("a second one is refused while the first goes on, and changes nothing", async () => {
    await cluster.addNodes(3);
    const first = performChaos(cluster, { duration: "60", seed: "1" });
    let refusal: unknown;
    cluster.clock.after(30_000, () => {
      const context = {
        objects: cluster.objects,
        clock: cluster.clock,
        random: createRandom("second"),
        signal: new AbortController().signal,
        onEvent: () => {
          throw new Error("a refused run tells nothing");
        },
      };
      runChaos(context, optionsOf({})).catch((error: unknown) => {
        refusal = error;
      });
    });
    const { outcome } = await first;
    expect(outcome.status).toBe("completed");
    expect(refusal).toMatchObject({ reason: "busy", hint: expect.stringContaining("kubesim chaos heal") });
    await expectAllWell();
  });

  it("heal ends a run that still goes on", async () => {
    await cluster.addNodes(3);
    cluster.clock.after(21_000, () => {
      healAll(cluster.objects).catch((error: unknown) => expect(error).toBeUndefined());
    });
    const { outcome, events } = await performChaos(cluster, { duration: "300", seed: "1" });
    expect(outcome).toMatchObject({ status: "failed", healed: true });
    expect(outcome.reason).toContain("stopped from outside");
    expect(events.at(-1)?.t).toBeLessThan(30_000);
    await expectAllWell();
  });
});

describe("who is hurt", () => {
  beforeEach(async () => {
    for (let index = 1; index <= 10; index++) {
      const zone = index % 2 === 0 ? "a" : "b";
      const shield = index === 10 ? { "chaos.kubesim/protected": "true" } : {};
      await cluster.addNode(`node-${index}`, { labels: { zone, ...shield } });
    }
    await cluster.clock.advance(10_000);
  });

  const hurt = (events: readonly ChaosEvent[]) =>
    [...new Set(byRun(ofType(events, "fault-injected")).map(({ node }) => node))].sort();
  const byRun = <T extends { readonly origin: string }>(faults: readonly T[]) =>
    faults.filter(({ origin }) => origin !== "user");
  const everybody = { failureProb: "1", recoveryProb: "0.5", duration: "30", seed: "1" };

  it.each([
    ["all but the protected one", {}, [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ["selected by label, the protected one not even then", { select: "zone=a" }, [2, 4, 6, 8]],
    ["selected by name, whole", { nodes: "node-(1|2)" }, [1, 2]],
    ["excluded", { nodes: "node-[0-9]", exclude: ["node-3,node-4", "node-5"] }, [1, 2, 6, 7, 8, 9]],
  ])("%s", async (_, input, expected) => {
    const { events } = await performChaos(cluster, { ...everybody, ...input });
    expect(hurt(events)).toEqual(expected.map((index) => `node-${index}`));
  });

  it("nobody: then it is refused, and says where to look", async () => {
    const run = performChaos(cluster, { select: "zone=c" });
    await expect(run).rejects.toMatchObject({
      reason: "no-nodes",
      hint: expect.stringContaining("--select"),
    });
    expect(await chaosLeases()).toBe(0);
  });

  it("a node that is labelled protected meanwhile is not failed again", async () => {
    cluster.clock.after(11_000, () => {
      const patch = { metadata: { labels: { "chaos.kubesim/protected": "true" } } };
      cluster.objects
        .patch(nodes, { name: "node-1" }, { type: "merge", patch })
        .catch((error: unknown) => expect(error).toBeUndefined());
    });
    const { events } = await performChaos(cluster, { ...everybody, recoveryProb: "1" });
    const times = ofType(events, "fault-injected").flatMap(({ node, t }) => (node === "node-1" ? [t] : []));
    expect(times).toEqual([0, 5_000, 10_000]);
  });

  it("nodes that are down for other reasons are left alone and count as down", async () => {
    await cluster.fail("node-1");
    await cluster.fail("node-2", "node-hang");
    const { events } = await performChaos(cluster, { ...everybody, recoveryProb: "0", maxDown: "5" });
    expect(hurt(events)).toHaveLength(3);
    expect(hurt(events)).not.toContain("node-1");
    expect(hurt(events)).not.toContain("node-2");
    expect(ofType(events, "tick")[0]?.outOfReach).toEqual(["node-1", "node-2"]);
    await cluster.heal("node-1");
    await cluster.heal("node-2", "node-hang");
  });

  it("--max-down 30 % and --min-up are kept by real runs", async () => {
    const wild = { ...everybody, recoveryProb: "0.3" };
    const capped = await performChaos(cluster, { ...wild, maxDown: "30%" });
    // Of the nine nodes in scope.
    expect(mostDown(capped.events)).toBe(2);
    const kept = await performChaos(cluster, { ...wild, minUp: "4" }, { name: "second" });
    expect(mostDown(kept.events)).toBe(6);
    expect(ofType(kept.events, "tick")[0]?.heldBack).toBe(3);
  });
});

describe("whole clusters under --max-down and --min-up", () => {
  /** The most nodes that had faults at once after any commit, whatever the run says of itself. */
  async function mostHurt(input: ChaosInput): Promise<number> {
    const hurt = new Map<string, string>();
    let most = 0;
    const stop = cluster.store.watch("", cluster.store.revision, (changes) => {
      for (const { before, after } of changes) {
        const fault = (after ?? before) as NodeFault;
        if (fault.kind !== "NodeFault") continue;
        if (after === undefined) hurt.delete(fault.metadata.name);
        else hurt.set(fault.metadata.name, fault.spec.nodeName);
      }
      most = Math.max(most, new Set(hurt.values()).size);
    });
    const { outcome } = await performChaos(cluster, { duration: "300", recoveryProb: "0.2", ...input });
    stop();
    expect(outcome).toMatchObject({ status: "completed", healed: true });
    return most;
  }

  it.each(["1", "2", "3", "4", "5", "6"])(
    "seed %s: the bounds hold after every commit, and are reached",
    async (seed) => {
      await cluster.addNodes(10);
      for (let index = 1; index <= 12; index++) await cluster.launch(`pod-${index}`, { cpu: "1" });
      await cluster.clock.advance(10_000);
      expect(await mostHurt({ seed, failureProb: "0.5", maxDown: "30%" })).toBe(3);
      expect(await mostHurt({ seed, failureProb: "0.9", minUp: "2" })).toBe(8);
      await cluster.clock.advance(10_000);
      expect((await cluster.pods()).map(({ status }) => status.phase)).toEqual(Array(12).fill("Running"));
    },
  );
});

describe("a dry run", () => {
  it("tells at once what a real run then does, and touches nothing", async () => {
    await cluster.addNodes(10);
    await cluster.clock.advance(10_000);
    const input = { duration: "120", seed: "5", startAfter: "10s", maxDown: "50%" };
    const startMs = cluster.clock.monotonicMs();
    const { revision } = cluster.store;
    const dry = await performChaos(cluster, { ...input, dryRun: true });
    expect(dry.outcome).toMatchObject({ status: "dry-run", healed: true });
    expect(cluster.clock.monotonicMs()).toBe(startMs);
    expect(cluster.store.revision).toBe(revision);
    const real = await performChaos(cluster, input, { name: "real" });
    const planned = ofType(dry.events, "fault-planned").map(({ t, node, fault }) => ({ t, node, fault }));
    const done = ofType(real.events, "fault-injected").map(({ t, node, fault }) => ({ t, node, fault }));
    expect(planned.length).toBeGreaterThan(20);
    expect(done).toEqual(planned);
  });
});
