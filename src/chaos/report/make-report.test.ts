import { describe, expect, it } from "vitest";
import { eventsAsLines, readEventLog } from "../event-log.ts";
import { makeReport } from "./make-report.ts";
import { RunUnderTest } from "./run-under-test.ts";
import { verdictInWords } from "./words.ts";

const P1 = { pod: "default/p", uid: "p1" } as const;
const P2 = { pod: "default/p", uid: "p2" } as const;

/**
 * Two nodes, two pods, 20 s. Node a crashes at 0, is noticed at 4 s, recovers at 10 s and is Ready at 10.2 s; its pod
 * is evicted at 4 s, waits for room until 6 s, and runs on b at 6.5 s. Node b hangs from 15 s to 18 s; nobody notices.
 */
function smallRun(): RunUnderTest {
  return new RunUnderTest({ duration: "20" })
    .node("a")
    .node("b")
    .pod("p", "p1", "a")
    .pod("q", "q1", "b")
    .at(0, { type: "phase", phase: "waiting" }, { type: "phase", phase: "chaos" })
    .tick(0, 0)
    .fail(0, "f1", "a")
    .at(0, { type: "fault-obeyed", id: "f1", node: "a", injectedAt: "2025-01-01T00:00:00.000000Z" })
    .at(4_000, { type: "node-not-ready", node: "a", reason: "NodeStatusUnknown" })
    .at(4_000, { type: "pod-evicted", ...P1, node: "a" }, { type: "pod-removed", ...P1 })
    .pod("p", "p2")
    .tick(5_000, 1)
    .at(6_000, { type: "pod-bound", ...P2, node: "b" })
    .at(6_500, { type: "pod-running", ...P2, node: "b" })
    .tick(10_000, 2)
    .at(10_000, { type: "node-healed", id: "f1", node: "a", cause: "recovered" })
    .at(10_200, { type: "node-ready", node: "a" })
    .tick(15_000, 3)
    .fail(15_000, "f2", "b", "node-hang")
    .at(18_000, { type: "node-healed", id: "f2", node: "b", cause: "elsewhere" })
    .at(20_000, { type: "phase", phase: "healing" }, { type: "phase", phase: "settling" })
    .at(25_000, { type: "run-ended", status: "completed", healed: true });
}

describe("the report of a small run, computed by hand", () => {
  const report = makeReport(smallRun().events);

  it("measures availability from the first tick to the healing, true and observed", () => {
    const { availability } = report;
    expect(availability.nodes).toBeCloseTo(27 / 40, 12);
    expect(availability.nodesObserved).toBeCloseTo(33.8 / 40, 12);
    expect(availability.gap).toBeCloseTo(6.8 / 40, 12);
    expect(availability.pods).toBeCloseTo(27.5 / 40, 12);
    expect(availability.podsObserved).toBeCloseTo(37.5 / 40, 12);
    expect(availability.capacity).toBeCloseTo(27 / 40, 12);
    expect(report.run.chaosMs).toBe(20_000);
  });

  it("measures detection and recovery", () => {
    const only = (value: number) => ({ count: 1, meanMs: value, p50Ms: value, p95Ms: value, maxMs: value });
    expect(report.detection).toEqual(only(4_000));
    expect(report.serviceRecovery).toEqual({ recovered: only(6_500), never: 0 });
    expect(report.nodeRecovery).toEqual({
      recovered: { count: 2, meanMs: 6_600, p50Ms: 3_000, p95Ms: 10_200, maxMs: 10_200 },
      never: 0,
      meanTimeBetweenFailuresMs: 13_500,
    });
  });

  it("counts faults, evictions and waiting", () => {
    expect(report.faults).toEqual({
      injected: 2,
      byKind: { "node-crash": 1, "node-hang": 1 },
      foreign: 0,
      recovered: 1,
      healedAtEnd: 0,
      healedElsewhere: 1,
      detected: 1,
      undetected: 1,
      whileNotReady: 0,
      heldBack: 0,
    });
    expect(report.pods).toEqual({
      evictions: 1,
      reschedules: 1,
      restarts: 0,
      maxMoves: 1,
      mostMoved: "default/p",
      unschedulableMs: 2_000,
      longestUnschedulableMs: 2_000,
    });
    expect(report.falsePositives).toBe(0);
    expect(report.invariants.map(({ value }) => value)).toEqual([0, 0, 0]);
    expect(report.verdict).toBe("held");
  });

  it("keeps a record of every fault", () => {
    expect(report.faultRecords[0]).toMatchObject({
      injectedMs: 0,
      detectedMs: 4_000,
      evictedMs: 4_000,
      replacedMs: 6_500,
      healedMs: 10_000,
      readyMs: 10_200,
      evictedPods: 1,
    });
    expect(report.faultRecords[1]).toMatchObject({ detectedMs: null, evictedMs: null, readyMs: 18_000 });
  });

  it("draws what each node was when", () => {
    expect(report.timeline.nodes).toEqual([
      {
        node: "a",
        spans: [
          { state: "unnoticed", fromMs: 0, toMs: 4_000 },
          { state: "down", fromMs: 4_000, toMs: 10_000 },
          { state: "returning", fromMs: 10_000, toMs: 10_200 },
          { state: "up", fromMs: 10_200, toMs: 25_000 },
        ],
      },
      {
        node: "b",
        spans: [
          { state: "up", fromMs: 0, toMs: 15_000 },
          { state: "unnoticed", fromMs: 15_000, toMs: 18_000 },
          { state: "up", fromMs: 18_000, toMs: 25_000 },
        ],
      },
    ]);
    expect(report.timeline.pods.at(-1)).toEqual({ t: 18_000, desired: 2, alive: 2 });
  });

  it("compares with the closed form", () => {
    const { expectation } = report;
    expect(expectation.applies).toBe(true);
    expect(expectation.failuresPerNode.observed).toBe(1);
    expect(expectation.recoveriesPerNode.observed).toBe(0.5);
    expect(expectation.availability.observed).toBeCloseTo(27 / 40, 12);
    expect(expectation.verdict).toBe("a fair sample");
  });

  it("is the same from the saved log", () => {
    const { events } = smallRun();
    expect(makeReport(readEventLog(eventsAsLines(events)))).toEqual(report);
  });
});

describe("the report", () => {
  const begun = (input = {}) =>
    new RunUnderTest(input).node("a").node("b").at(0, { type: "phase", phase: "chaos" }).tick(0, 0);
  const ended = { type: "run-ended", status: "completed", healed: true } as const;
  const invariant = (run: RunUnderTest, name: string) =>
    makeReport(run.events).invariants.find((candidate) => candidate.name === name);

  it("says so when the closed form does not apply", () => {
    const capped = makeReport(begun({ maxDown: "1" }).tick(5_000, 1, 2).at(10_000, ended).events);
    expect(capped.expectation.applies).toBe(false);
    expect(capped.expectation.verdict).toContain("--max-down and --min-up");
    expect(capped.expectation.verdict).toContain("2 failures were held back");
    const aborted = makeReport(begun().at(10_000, { ...ended, status: "aborted", reason: "down>1" }).events);
    expect(verdictInWords(aborted)).toBe("An abort condition ended the run: down>1; everything was healed.");
    expect(aborted.expectation).toMatchObject({ applies: false, availability: { z: null } });
    expect(aborted.verdict).toBe("aborted");
  });

  it("counts seconds of overcommit", () => {
    const run = begun().pod("p", "p1", "a", 800).at(1_000).pod("q", "q1");
    run.at(2_000, { type: "pod-bound", pod: "default/q", uid: "q1", node: "a" });
    run.at(5_000, { type: "pod-removed", pod: "default/q", uid: "q1" }).at(9_000, ended);
    expect(invariant(run, "no-overcommit")).toMatchObject({ value: 3, unit: "node-seconds", holds: false });
    expect(makeReport(run.events).verdict).toBe("invariant-violated");
  });

  it("counts seconds of double binding", () => {
    const run = begun().pod("p", "p1", "a");
    run.at(2_000, { type: "pod-bound", ...P1, node: "b" }).at(6_000, ended);
    expect(invariant(run, "no-double-binding")).toMatchObject({ value: 4, holds: false });
    const twice = begun().pod("p", "p1", "a").pod("p", "p2", "b").at(6_000, ended);
    expect(invariant(twice, "no-double-binding")).toMatchObject({ value: 6, holds: false });
  });

  it("counts evicted pods that never came back as lost, but where nobody re-creates them", () => {
    const lose = (run: RunUnderTest) =>
      run
        .at(4_000, { type: "pod-evicted", ...P1, node: "a" }, { type: "pod-removed", ...P1 })
        .at(9_000, ended);
    const lost = lose(begun().pod("p", "p1", "a").fail(0, "f1", "a"));
    expect(invariant(lost, "no-lost-pods")).toMatchObject({ value: 1, holds: false });
    const report = makeReport(lost.events);
    expect(report.serviceRecovery).toEqual({ recovered: null, never: 1 });
    // Still wanted by its owner: the API's silence is no availability.
    expect(report.availability.pods).toBe(0);
    const kubernetes = new RunUnderTest({}, { reschedulesBarePods: false }).node("a").pod("p", "p1", "a");
    kubernetes.at(0, { type: "phase", phase: "chaos" }).tick(0, 0).fail(0, "f1", "a");
    expect(invariant(lose(kubernetes), "no-lost-pods")?.holds).toBe(true);
  });

  it("does not call an evicted pod lost that was there again and was then deleted by somebody", () => {
    const run = begun().pod("p", "p1", "a").fail(0, "f1", "a");
    run.at(4_000, { type: "pod-evicted", ...P1, node: "a" }, { type: "pod-removed", ...P1 });
    run.pod("p", "p2").at(5_000, { type: "pod-removed", pod: P1.pod, uid: "p2" }).at(9_000, ended);
    expect(invariant(run, "no-lost-pods")?.holds).toBe(true);
    expect(makeReport(run.events).serviceRecovery).toEqual({ recovered: null, never: 1 });
  });

  it("counts NotReady of a node that is up as a false alarm, and not as a detection", () => {
    const run = begun().at(1_000, { type: "node-not-ready", node: "a", reason: "" }).at(9_000, ended);
    expect(makeReport(run.events)).toMatchObject({ falsePositives: 1, detection: null });
  });

  it("a fault on a node that is still shown as not ready is neither detected nor missed", () => {
    const run = begun().fail(0, "f1", "a").at(4_000, { type: "node-not-ready", node: "a", reason: "" });
    run.at(5_000, { type: "node-healed", id: "f1", node: "a", cause: "recovered" }).fail(5_000, "f2", "a");
    run.at(8_000, { type: "node-healed", id: "f2", node: "a", cause: "recovered" });
    run.at(9_000, { type: "node-ready", node: "a" }, ended);
    const { faults, nodeRecovery } = makeReport(run.events);
    expect(faults).toMatchObject({ detected: 1, undetected: 0, whileNotReady: 1 });
    expect(nodeRecovery.recovered?.maxMs).toBe(9_000);
  });

  it("such a fault can be noticed once the node has been shown as Ready again", () => {
    const run = begun().fail(0, "f1", "a").at(4_000, { type: "node-not-ready", node: "a", reason: "" });
    run.at(5_000, { type: "node-healed", id: "f1", node: "a", cause: "recovered" }).fail(5_000, "f2", "a");
    run.at(5_010, { type: "node-ready", node: "a" });
    run.at(9_000, { type: "node-not-ready", node: "a", reason: "" }, ended);
    const { faults, faultRecords } = makeReport(run.events);
    expect(faults).toMatchObject({ detected: 2, whileNotReady: 0 });
    expect(faultRecords).toMatchObject([
      { readyMs: 5_010, detectedMs: 4_000 },
      { readyMs: null, detectedMs: 9_000 },
    ]);
  });

  it("a pod whose containers went down with a crash is not alive before they are started again", () => {
    const run = begun().pod("p", "p1", "a").fail(0, "f1", "a");
    run.at(2_000, { type: "node-healed", id: "f1", node: "a", cause: "recovered" });
    run.at(3_000, { type: "pod-restarted", ...P1, restarts: 1 }, { type: "pod-running", ...P1, node: "a" });
    const report = makeReport(run.at(10_000, ended).events);
    expect(report.availability.pods).toBeCloseTo(0.7, 12);
    expect(report.pods).toMatchObject({ evictions: 0, restarts: 1 });
    const hung = begun().pod("p", "p1", "a").fail(0, "f1", "a", "node-hang");
    hung.at(2_000, { type: "node-healed", id: "f1", node: "a", cause: "recovered" }).at(10_000, ended);
    expect(makeReport(hung.events).availability.pods).toBeCloseTo(0.8, 12);
  });

  it("weighs checks, and burns the time in which they did not hold", () => {
    const input = { steady: ["running>=95%", "warning: pending==0"] };
    const check = (condition: string, holds: boolean, value: number) =>
      ({ type: "check", moment: "tick", condition, holds, value }) as const;
    const run = begun(input).at(0, check("running>=95%", true, 100), check("warning: pending==0", true, 0));
    run.at(2_000, { ...check("running>=95%", false, 80), type: "condition-changed", role: "steady" });
    run.at(4_500, { ...check("running>=95%", true, 100), type: "condition-changed", role: "steady" });
    run.at(5_000, check("running>=95%", true, 100), check("warning: pending==0", false, 3)).at(10_000, ended);
    const { checks, resilienceScore, verdict } = makeReport(run.events);
    expect(checks[0]).toMatchObject({ passes: 2, failures: 1, firstFailureMs: 2_000, worstValue: 80 });
    expect(checks[0]).toMatchObject({ violatedMs: 2_500, burn: 0.25, held: false });
    expect(checks[1]).toMatchObject({ severity: "warning", passes: 1, failures: 1, worstValue: 3 });
    expect(resilienceScore).toBeCloseTo((100 * (3 * (2 / 3) + 1 / 2)) / 4, 10);
    expect(verdict).toBe("deviated");
  });

  it("of a run that was killed ends with its last event", () => {
    const report = makeReport(begun().fail(0, "f1", "a").tick(5_000, 1).events);
    expect(report).toMatchObject({ verdict: "failed", run: { status: "unfinished", healed: false } });
    expect(report.availability.nodes).toBeCloseTo(0.5, 12);
  });

  it("refuses events that do not begin at the beginning", () => {
    expect(() => makeReport([])).toThrow("run-started");
  });
});
