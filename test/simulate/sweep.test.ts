import { afterAll, describe, expect, it } from "vitest";
import { runSweep } from "../../src/simulate/sweep/run-sweep.ts";
import { Home } from "../cli/program.ts";
import { prepared } from "./scene.ts";

const home = new Home();
afterAll(() => home.remove([]));

const SWEEP = [
  ...["simulate", "--node", "count=4,cpu=8", "--generate", "poisson:0.1", "--pod-cpu", "uniform:1,4"],
  ...["--pod-duration", "exponential:2m", "--mtbf", "5m", "--mttr", "30s", "--duration", "10m"],
  ...["--strategy", "first-fit,worst-fit", "--seed", "1,2,3"],
];

describe("a sweep over strategies and seeds", () => {
  it("is the same on one core and on several, byte for byte", async () => {
    const alone = await home.succeed([...SWEEP, "--workers", "1", "-o", "json"]);
    const together = await home.succeed([...SWEEP, "--workers", "3", "-o", "json"]);
    expect(together.stdout).toBe(alone.stdout);
    const { results, verdict } = JSON.parse(alone.stdout) as { results: readonly Row[]; verdict: object };
    expect(results.map(({ strategy, seed }) => `${strategy} ${seed}`)).toEqual(
      ["first-fit", "worst-fit"].flatMap((name) => ["1", "2", "3"].map((seed) => `${name} ${seed}`)),
    );
    expect(verdict).toMatchObject({ metric: "availability", seeds: 3 });
  });

  it("names strategy and seed of a run that fails", async () => {
    const file = home.write(
      "mine.mjs",
      'export default { name: "mine", score() { throw new Error("no idea"); } };',
    );
    const { code, stdout, stderr } = await home.run([...SWEEP, "--strategy", file, "--workers", "2"]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/Strategy mine with seed [123] could not be simulated: .*no idea/);
  });

  it("prints what has been measured when it is interrupted", async () => {
    // It says when it is asked, so that it is known when a run has begun.
    const file = home.write(
      "talking.mjs",
      'export default { name: "talking", score: () => void console.error("asked") ?? 0 };',
    );
    const other = new Map([
      ["10m", "5d"],
      ["first-fit,worst-fit", file],
    ]);
    const endless = SWEEP.map((word) => other.get(word) ?? word);
    const argv = [...endless, "--workers", "2", "-o", "json"];
    const { code, stdout, stderr } = await home.run(argv, {
      started: (child) => child.stderr?.once("data", () => child.kill("SIGINT")),
    });
    expect(code, stderr).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ status: "partial" });
  });

  it("says that there was not enough memory, and what to do", async () => {
    const spec = { nodes: { count: 2 }, workload: { arrivals: "none", count: 200_000 } };
    const { signal } = new AbortController();
    const sweep = runSweep(prepared(spec, ["first-fit"]), { workers: 1, signal, heapMib: 64 });
    await expect(sweep).rejects.toMatchObject({
      message: expect.stringMatching(/^Strategy first-fit with seed 1 could not be simulated: .*memory/),
      hint: expect.stringContaining("--workers 1"),
    });
  });

  it("can be ended where a strategy does not come to an end", async () => {
    const file = home.write(
      "endless.mjs",
      'export default { name: "endless", score() { console.error("asked"); for (;;); } };',
    );
    const argv = [
      "simulate",
      "--node",
      "cpu=8",
      "--generate",
      "none",
      "--pod-count",
      "1",
      "--strategy",
      file,
    ];
    const { code, stderr } = await home.run(argv, {
      started(child) {
        child.stderr?.once("data", () => child.kill("SIGINT"));
        child.stderr?.on("data", (chunk: Buffer) => {
          if (chunk.toString().includes("Ctrl-C again")) child.kill("SIGINT");
        });
      },
    });
    expect(code).toBe(130);
    expect(stderr).toContain("Stopping… press Ctrl-C again to force");
  });

  it("takes a range of seeds", async () => {
    const { stdout } = await home.succeed([...SWEEP.slice(0, -1), "9..11,x", "-o", "csv"]);
    expect(stdout.match(/^worst-fit,\w+/gm)).toEqual(
      ["9", "10", "11", "x"].map((seed) => `worst-fit,${seed}`),
    );
  });

  it("works from the sources, too", async () => {
    const spec = { nodes: { count: 2 }, workload: { arrivals: "none", count: 3 }, seeds: ["1", "2"] };
    const signal = new AbortController().signal;
    const results = await runSweep(prepared(spec, ["first-fit"]), { workers: 2, signal });
    expect(results).toEqual(await runSweep(prepared(spec, ["first-fit"]), { workers: 1, signal }));
    expect(results.map(({ placed }) => placed)).toEqual([3, 3]);
  });
});

interface Row {
  readonly strategy: string;
  readonly seed: string;
}
