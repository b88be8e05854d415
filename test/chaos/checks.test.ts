import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ChaosEvent } from "../../src/chaos/events.ts";
import { makeReport } from "../../src/chaos/report/make-report.ts";
import type { ChaosInput } from "../../src/chaos/validate-options.ts";
import { ClusterUnderTest } from "../scenarios/cluster-under-test.ts";
import { ofType, performChaos } from "./chaos-under-test.ts";

let cluster: ClusterUnderTest;
beforeEach(async () => {
  cluster = await ClusterUnderTest.start();
  await cluster.addNodes(10);
  for (let pod = 1; pod <= 10; pod++) await cluster.launch(`pod-${pod}`, { cpu: "4" });
  await cluster.clock.advance(10_000);
});
afterEach(() => {
  cluster.stop();
  expect(cluster.errors).toEqual([]);
});

/** Every node fails at once for 10 s, and recovers at the tick at 10 s; the run ends at 20 s. */
const blackout: ChaosInput = { failureProb: "1", recoveryProb: "0", duration: "10", tick: "10s", seed: "1" };
const calm: ChaosInput = { failureProb: "0", duration: "20", seed: "1" };

const moments = (events: readonly ChaosEvent[]) =>
  ofType(events, "check").map(({ moment, t }) => `${moment} ${t}`);

describe("steady conditions", () => {
  it("that hold make a run that held", async () => {
    const { outcome, events } = await performChaos(cluster, {
      ...calm,
      steady: ["running>=100%", "down==0"],
    });
    expect(outcome).toMatchObject({ status: "completed", deviated: false });
    expect(makeReport(events)).toMatchObject({ verdict: "held", resilienceScore: 100 });
  });

  it("that broke in between make a run that deviated, though all is well at both ends", async () => {
    const input = { ...blackout, duration: "9", steady: ["ready>=50%"] };
    const { outcome, events } = await performChaos(cluster, input);
    expect(outcome).toMatchObject({ status: "completed", deviated: true });
    const changes = ofType(events, "condition-changed").map(({ t, holds }) => [t, holds]);
    expect(changes).toEqual([
      [4_000, false],
      [9_000, true],
    ]);
    const [check] = makeReport(events).checks;
    expect(check).toMatchObject({ held: false, firstFailureMs: 4_000, worstValue: 0, violatedMs: 5_000 });
  });

  it.each([
    ["sot", ["start 0"], false],
    ["eot", ["end 14100"], false],
    ["edge", ["start 0", "end 14100"], false],
    ["onchaos", ["tick 10000"], true],
    ["continuous", ["start 0", "tick 10000", "end 14100"], true],
  ])("in mode %s are looked at: %j", async (checkMode, expected, deviated) => {
    const { outcome, events } = await performChaos(cluster, {
      ...blackout,
      checkMode,
      steady: ["alive>=100%"],
    });
    const seen = moments(events);
    // The end is when pods run again; how long that takes is the cluster's business.
    expect(seen.map((moment) => moment.split(" ")[0])).toEqual(
      expected.map((moment) => moment.split(" ")[0]),
    );
    expect(seen.filter((moment) => !moment.startsWith("end"))).toEqual(
      expected.filter((moment) => !moment.startsWith("end")),
    );
    expect(outcome.deviated).toBe(deviated);
  });

  it("that do not hold before chaos begins keep it from beginning", async () => {
    await cluster.launch("too-big", { cpu: "64" });
    await cluster.clock.advance(5_000);
    const { outcome, events } = await performChaos(cluster, { steady: ["unschedulable==0"] });
    expect(outcome).toMatchObject({ status: "refused", deviated: true });
    expect(outcome.reason).toBe("unschedulable==0 did not hold before chaos began");
    expect(ofType(events, "fault-injected")).toEqual([]);
    expect(makeReport(events).verdict).toBe("deviated");
  });

  it("with `for` hold again only after that long", async () => {
    const input = { ...blackout, duration: "9", settle: "60s", steady: ["down==0 for 20s"] };
    const { events } = await performChaos(cluster, input);
    expect(ofType(events, "condition-changed").map(({ t, holds }) => [t, holds])).toEqual([
      [0, false],
      [29_000, true],
    ]);
    // The end waits for it.
    expect(events.at(-1)?.t).toBeGreaterThanOrEqual(29_000);
  });

  it("that never come back are waited for no longer than --settle", async () => {
    const input = { ...calm, checkMode: "eot", settle: "7s", steady: ["pending>=1"] };
    const { outcome, events } = await performChaos(cluster, input);
    expect(outcome).toMatchObject({ status: "completed", deviated: true });
    expect(events.at(-1)?.t).toBe(27_000);
  });
});

describe("abort conditions", () => {
  it("end the run as soon as they hold", async () => {
    const { outcome, events } = await performChaos(cluster, { ...blackout, abort: ["ready<50%"] });
    expect(outcome).toMatchObject({ status: "aborted", reason: "ready<50%" });
    const [healing] = ofType(events, "phase").filter(({ phase }) => phase === "healing");
    expect(healing?.t).toBe(4_000);
    expect(makeReport(events).verdict).toBe("aborted");
  });

  it("with `for` end it only when they held that long without a break", async () => {
    const patient = await performChaos(cluster, { ...blackout, abort: ["down>5 for 3s"] });
    const [healing] = ofType(patient.events, "phase").filter(({ phase }) => phase === "healing");
    expect(healing?.t).toBe(3_000);
    await cluster.clock.advance(10_000);
    const never = await performChaos(cluster, { ...blackout, abort: ["down>5 for 11s"] }, { name: "second" });
    expect(never.outcome.status).toBe("completed");
  });

  it("that hold from the start keep chaos from beginning", async () => {
    const { outcome, events } = await performChaos(cluster, { ...blackout, abort: ["running>=1"] });
    expect(outcome.status).toBe("aborted");
    expect(ofType(events, "fault-injected")).toEqual([]);
  });
});
