import { expect, it } from "vitest";
import { makeReport } from "../../src/chaos/report/make-report.ts";
import type { ChaosReport } from "../../src/chaos/report/report.ts";
import { ClusterUnderTest } from "../scenarios/cluster-under-test.ts";
import { performChaos } from "./chaos-under-test.ts";

const NODES = 200;
const RUNS = 20;

/**
 * The claim: faults come as the seed program's rule says, with real nodes under them. 20 runs of 200 nodes are 4,000
 * nodes, so the bounds are about four standard errors. Timing is the seed program's own.
 */
it(`${RUNS} seeded runs of ${NODES} nodes over 60 ticks match the closed form`, async () => {
  const samples: ChaosReport[] = [];
  for (let run = 1; run <= RUNS; run++) {
    const cluster = await ClusterUnderTest.start({ settings: { timingProfile: "classic" } });
    await cluster.addNodes(NODES);
    await cluster.clock.advance(10_000);
    const { outcome, events } = await performChaos(cluster, { seed: String(run) });
    cluster.stop();
    expect(outcome.status).toBe("completed");
    expect(cluster.errors).toEqual([]);
    samples.push(makeReport(events));
  }
  const mean = (read: (report: ChaosReport) => number | null) =>
    samples.reduce((sum, report) => sum + (read(report) ?? Number.NaN), 0) / samples.length;

  expect(Math.abs(mean(({ availability }) => availability.nodes) - 0.5551)).toBeLessThan(0.008);
  expect(Math.abs(mean(({ faults }) => faults.injected / NODES) - 8.326)).toBeLessThan(0.13);
  expect(Math.abs(mean(({ faults }) => faults.recovered / NODES) - 7.872)).toBeLessThan(0.13);

  // The z-scores are those of a sample: mean 0 and variance 1, not all small and not all large.
  const zs = samples.map(({ expectation }) => expectation.availability.z as number);
  const square = zs.reduce((sum, z) => sum + z * z, 0) / zs.length;
  expect(Math.abs(zs.reduce((sum, z) => sum + z, 0) / zs.length)).toBeLessThan(4 / Math.sqrt(RUNS));
  expect(square).toBeGreaterThan(0.3);
  expect(square).toBeLessThan(2.5);

  // Half of the outages are shorter than the 15 s it takes to notice them.
  const unnoticed = mean(({ faults }) => faults.undetected / faults.injected);
  expect(Math.abs(unnoticed - 0.51)).toBeLessThan(0.03);
  for (const { detection, faults, falsePositives } of samples) {
    expect(detection?.maxMs).toBeLessThanOrEqual(20_000);
    expect(detection?.p50Ms).toBeGreaterThan(10_000);
    expect(falsePositives).toBe(0);
    expect(faults.recovered + faults.healedAtEnd).toBe(faults.injected);
  }
});
