import { describe, expect, it } from "vitest";
import type { SimulationResult } from "../result.ts";
import { waitHistogram } from "../run/wait-histogram.ts";
import { judge } from "../verdict/verdict.ts";
import { simulationAsHtml } from "./html.ts";

function page(text: string): string {
  const results = ["1", "2", "3"].flatMap((seed, index) =>
    [text, "other"].map((strategy, place) => runOf(strategy, seed, 10 + 5 * place + index * place)),
  );
  const verdict = judge(results);
  return simulationAsHtml({
    scenario: text,
    version: "1",
    command: text,
    isPartial: false,
    results,
    verdict,
  });
}

function runOf(strategy: string, seed: string, meanSeconds: number): SimulationResult {
  const point = { cpuUsed: 3, cpuTotal: 4, memoryUsed: 1, memoryTotal: 2, running: 3, fragmentation: 0.25 };
  const faults = { injected: 0, detected: 0, evictions: 0, mttrSeconds: null, podAvailability: null };
  return {
    ...{
      strategy,
      seed,
      status: "completed",
      pods: 4,
      placed: 4,
      pending: 0,
      nodesUsed: 2,
      makespanSeconds: 90,
    },
    ...{ simulatedSeconds: 100, placementSha256: "ab".repeat(32), eventLogSha256: "cd".repeat(32) },
    waits: {
      meanSeconds,
      p95Seconds: 2 * meanSeconds,
      boundedSlowdown: null,
      histogram: waitHistogram([0, 500, 90_000]),
    },
    utilisation: { cpu: 0.75, memory: 0.5, fragmentation: 0.25 },
    gpuAllocationPercent: null,
    faults: { ...faults, unschedulableSeconds: 0 },
    timeline: [
      { atSeconds: 0, pending: 0, ...point },
      { atSeconds: 50, pending: 2, ...point },
    ],
    invariantViolations: 0,
  } as unknown as SimulationResult;
}

describe("the page of a simulation", () => {
  it("begins with the verdict and ends with how to do it again", () => {
    const html = page("mine");
    expect(html).toMatch(/<p class="verdict">mine is best on mean wait: 10s against 16s with other/);
    expect(html).toContain("<td>10s</td><td>16s ± 2.5s</td>");
    for (const chart of ["CPU in use", "Pods waiting", "How long pods waited", "mean wait"])
      expect(html).toContain(`<h3>${chart}</h3>`);
    expect(html).toContain("<pre>mine</pre>");
    expect(html).not.toContain("NaN");
  });

  it("needs nothing but itself and lets nothing run", () => {
    const html = page("mine");
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(html).not.toMatch(/<script|<link|<img|<iframe|\bhref=|\bsrc=|url\(|@import/i);
  });

  it.each(["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</title><svg onload=alert(1)>"])(
    "keeps names inert: %s",
    (text) => {
      const html = page(text);
      expect(html).not.toContain(text);
      expect(html.match(/<[^>]*\son\w+\s*=/gi)).toBeNull();
    },
  );
});
