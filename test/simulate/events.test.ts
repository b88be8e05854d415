import { afterAll, describe, expect, it } from "vitest";
import { Home } from "../cli/program.ts";

const home = new Home();
afterAll(() => home.remove([]));

const SCENE = [
  "simulate",
  "--node",
  "count=2,cpu=4,zones=2",
  "--generate",
  "poisson:0.1",
  "--duration",
  "5m",
];

describe("events at fixed times", () => {
  it.each([
    ["at 1m crash nod-1", 'there is no node "nod-1"', 'Did you mean "node-1"?'],
    ["at 1m cordon zone zone-3", "no node is in zone zone-3", ""],
    ["at 1m strategy best-fti", 'there is no strategy "best-fti"', 'Did you mean "best-fit"?'],
  ])("are refused where there never is such a thing: %s", async (event, problem, hint) => {
    const { code, stdout, stderr } = await home.run([...SCENE, "--event", event]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`"${event}": ${problem}`);
    expect(stderr).toContain(hint);
  });

  it("are refused where the node is gone by then, by file, line and field", async () => {
    const events = `["at 1m crash node-1",\n    "at 2m remove node-1", "at 3m crash node-1"]`;
    const nodes = "nodes: [{ count: 2 }]\n  workload: [{ arrivals: none, count: 2 }]";
    home.write(
      "gone.yaml",
      `apiVersion: kubesim.dev/v1alpha1\nkind: Scenario\nspec:\n  ${nodes}\n  events: ${events}\n`,
    );
    const { code, stderr } = await home.run(["simulate", "gone.yaml"]);
    expect(code).toBe(2);
    expect(stderr).toContain("gone.yaml:7: spec.events[2]: node-1 is there no more: it is removed at 2m");
  });

  it("are left out, and told of, where it shows only then that nobody is there; the run goes on", async () => {
    const events = [
      "at 1m remove busiest",
      "at 2m remove busiest",
      "at 3m crash busiest",
      "at 4m cordon node-1",
    ];
    const flags = events.flatMap((event) => ["--event", event]);
    const { code, stdout, stderr } = await home.run([...SCENE, ...flags, "-o", "json"]);
    expect(code, stderr).toBe(0);
    const [result] = JSON.parse(stdout).results;
    expect(result.simulatedSeconds).toBe(300);
    expect(result.eventsNotApplied).toEqual([
      { atSeconds: 180, event: "crash busiest", reason: "no node is up" },
      { atSeconds: 240, event: "cordon node-1", reason: 'there is no node "node-1"' },
    ]);
    expect(stderr).toContain('"at 3m crash busiest" was not applied: no node is up');
  });
});

describe("GPUs", () => {
  it("are had by nodes of a shape, and asked for by pods that are drawn", async () => {
    const { stdout } = await home.succeed([
      ...["simulate", "--node", "count=3,cpu=16,gpu=2", "--generate", "none", "--pod-count", "20"],
      ...["--pod-gpu", "empirical:0.5,1", "--pod-cpu", "100m", "--strategy", "gpu-packing", "-o", "json"],
    ]);
    const [result] = JSON.parse(stdout).results;
    expect(result.gpuAllocationPercent).toBe(100);
    expect(result.invariantViolations).toBe(0);
    // Six devices hold between six whole pods and twelve halves.
    expect(result.placed).toBeGreaterThan(6);
    expect(result.placed).toBeLessThan(12);
  });

  it("make nodes come that have some", async () => {
    const { stdout } = await home.succeed([
      ...["simulate", "--node", "cpu=16,gpu=1", "--on-demand", "--generate", "none", "--pod-count", "5"],
      ...["--pod-gpu", "1", "--duration", "1m", "-o", "json"],
    ]);
    expect(JSON.parse(stdout).results[0]).toMatchObject({ placed: 5, nodesUsed: 5 });
  });
});
