import { afterEach, describe, expect, it } from "vitest";
import { pods } from "../../src/api/kinds/pod.ts";
import { Ledger } from "../../src/chaos/ledger.ts";
import { makeReport } from "../../src/chaos/report/make-report.ts";
import { ClusterUnderTest } from "../scenarios/cluster-under-test.ts";
import { performChaos } from "./chaos-under-test.ts";

let cluster: ClusterUnderTest;
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

async function startBusy(timingProfile: string, nodes: number, podCount: number): Promise<void> {
  cluster = await ClusterUnderTest.start({ settings: { timingProfile, seed: `busy ${nodes}` } });
  await cluster.addNodes(nodes);
  for (let pod = 1; pod <= podCount; pod++) await cluster.launch(`pod-${pod}`, { cpu: "500m" });
  await cluster.clock.advance(10_000);
}

describe("what the events tell is what the machines do", () => {
  it.each(["fast", "classic"])("alive pods, in every second of a run with timing %s", async (profile) => {
    await startBusy(profile, 10, 40);
    const ledger = new Ledger();
    const wrong: string[] = [];
    let looked = 0;
    let leastAlive = Number.POSITIVE_INFINITY;
    const looking = cluster.clock.every(500, () => {
      // A moment later than the heartbeats and ticks of this instant.
      cluster.clock.after(50, () => {
        if (ledger.nodes.size === 0) return;
        looked++;
        leastAlive = Math.min(leastAlive, ledger.counts.alive);
        const running = cluster.runningPods().length;
        if (ledger.counts.alive !== running)
          wrong.push(`${cluster.clock.monotonicMs()}: ${ledger.counts.alive} ${running}`);
      });
    });
    const input = { seed: "3", duration: "180", fault: ["node-crash,node-hang"] };
    const { events } = await performChaos(cluster, input, { onEvent: (event) => ledger.apply(event) });
    looking.cancel();
    expect(wrong).toEqual([]);
    expect(looked).toBeGreaterThan(300);
    expect(leastAlive).toBeLessThan(35);
    expect(makeReport(events).availability.pods).toBeLessThan(0.99);
  });
});

describe("a storm of runs", () => {
  it.each(Array.from({ length: 12 }, (_, seed) => seed))(
    "seed %d: every invariant holds and every pod runs again",
    async (seed) => {
      await startBusy(seed % 2 === 0 ? "fast" : "classic", 20, 100);
      const fault = ["node-crash,node-hang=0.7"];
      const { outcome, events } = await performChaos(cluster, { seed: String(seed), duration: "120", fault });
      expect(outcome).toMatchObject({ status: "completed", healed: true });
      const report = makeReport(events);
      expect(report.invariants.filter(({ holds }) => !holds)).toEqual([]);
      expect(report.serviceRecovery.never).toBe(0);
      expect(report.falsePositives).toBe(0);
      expect(report.pods.evictions).toBe(report.pods.reschedules);
      expect(report.pods.evictions).toBeGreaterThan(0);
      await cluster.clock.advance(1_000);
      const { items } = await cluster.objects.list(pods);
      expect(items.filter(({ status }) => status.phase === "Running")).toHaveLength(100);
      expect(cluster.runningPods()).toHaveLength(100);
      expect(new Set(cluster.runningPods().map(({ name }) => name)).size).toBe(100);
    },
  );

  it("with Kubernetes' own timing evicted bare pods stay away, which is no fault, and is not waited for", async () => {
    await startBusy("kubernetes", 10, 40);
    const input = {
      seed: "5",
      duration: "1h",
      tick: "2m",
      failureProb: "0.1",
      recoveryProb: "0.15",
      settle: "10m",
    };
    const { events } = await performChaos(cluster, input);
    const report = makeReport(events);
    expect(report.pods.evictions).toBeGreaterThan(0);
    expect(report.serviceRecovery.never).toBe(report.pods.evictions);
    expect(report.invariants.every(({ holds }) => holds)).toBe(true);
    expect(report.run.durationMs - report.run.chaosMs).toBeLessThan(120_000);
    // The API shows all that is left as Running; what is gone is missed all the same.
    expect(report.availability.podsObserved).toBeLessThan(0.95);
  });

  it("detection by the report is what the log says, and within the bounds of the timing", async () => {
    await startBusy("classic", 50, 0);
    const { events } = await performChaos(cluster, { seed: "4", recoveryProb: "0.1" });
    const delays: number[] = [];
    const failedAt = new Map<string, number>();
    for (const event of events) {
      if (event.type === "fault-obeyed") failedAt.set(event.node, event.t);
      if (event.type === "node-not-ready") delays.push(event.t - (failedAt.get(event.node) as number));
    }
    const { detection } = makeReport(events);
    expect(delays.length).toBeGreaterThan(50);
    expect(detection?.count).toBe(delays.length);
    expect(detection?.meanMs).toBe(delays.reduce((sum, delay) => sum + delay, 0) / delays.length);
    // (grace - heartbeat, grace + check] of the profile.
    expect(Math.min(...delays)).toBeGreaterThan(10_000);
    expect(Math.max(...delays)).toBeLessThanOrEqual(20_000);
  });
});
