import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Home } from "../cli/program.ts";

const SIMULATION = [
  ...["simulate", "--node", "count=4,cpu=8", "--generate", "poisson:0.1", "--pod-cpu", "uniform:1,4"],
  ...["--pod-duration", "exponential:2m", "--mtbf", "5m", "--mttr", "30s", "--duration", "20m"],
];

describe("a simulation that was recorded", () => {
  const home = new Home();
  const file = (name: string) => join(home.path, name);
  let lines: readonly string[];
  let eventLogSha256: string;
  beforeAll(async () => {
    const { stdout } = await home.succeed([...SIMULATION, "--record", "run.jsonl", "-o", "json"]);
    const { results } = JSON.parse(stdout) as { results: readonly { eventLogSha256: string }[] };
    eventLogSha256 = results[0]?.eventLogSha256 ?? "";
    lines = readFileSync(file("run.jsonl"), "utf8").split("\n").slice(0, -1);
  });
  afterAll(() => home.remove([]));

  it("says in its last line what the run's event log is, and is its owner's only", () => {
    const last = JSON.parse(lines.at(-1) ?? "") as object;
    const events = lines.filter((line) => !line.startsWith('{"recording"')).length;
    expect(last).toEqual({ recording: "end", t: 1_200_000, events, sha256: eventLogSha256 });
    expect(statSync(file("run.jsonl")).mode & 0o777).toBe(0o600);
  });

  it("is told as a log, a line per thing that happened", async () => {
    const { stdout } = await home.succeed(["replay", "run.jsonl"]);
    expect(stdout).toMatch(/^t\+00:00:00 +the run begins: strategy first-fit, seed 1$/m);
    expect(stdout).toMatch(/^t\+00:\d\d:\d\d\S* +node-\d fails \(node-crash\)$/m);
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(/^t\+00:20:00 +the run is over: completed$/);
    const { stdout: events } = await home.succeed(["replay", "run.jsonl", "-o", "jsonl"]);
    expect(events.split("\n").slice(0, -1)).toEqual(lines.filter((line) => !line.startsWith('{"recording"')));
  });

  it("shows the cluster as it was at a time", async () => {
    const { stdout } = await home.succeed(["replay", "run.jsonl", "--at", "10m", "-o", "json"]);
    const shown = JSON.parse(stdout) as {
      nodes: readonly { name: string; cpu: { used: number; total: number }; pods: number }[];
      pods: readonly { name: string; node: string | null; phase: string }[];
    };
    // The same by a plain reading of the log: who was bound where and is not gone by then.
    const at = new Map<string, string>();
    for (const text of lines) {
      const event = JSON.parse(text) as {
        t?: number;
        type?: string;
        uid: string;
        node?: string;
        phase?: string;
      };
      if ((event.t ?? 0) > 600_000) break;
      if (event.type === "pod-bound") at.set(event.uid, event.node ?? "");
      if (event.type === "pod-removed" || event.phase === "Succeeded") at.delete(event.uid);
    }
    for (const { name, cpu, pods } of shown.nodes) {
      expect([name, pods]).toEqual([name, [...at.values()].filter((node) => node === name).length]);
      expect(cpu.used).toBeLessThanOrEqual(cpu.total);
    }
    const table = await home.succeed(["replay", "run.jsonl", "--at", "10m"]);
    expect(table.stdout).toMatch(/^NODE +STATE +CPU +MEMORY +PODS$/m);
    const late = await home.succeed(["replay", "run.jsonl", "--at", "5h"]);
    expect(late.stderr).toContain("The recording ends at 20m;");
  });

  it("is verified by running it again", async () => {
    const { stdout } = await home.succeed(["replay", "run.jsonl", "--verify"]);
    expect(stdout).toMatch(/^The same came out again: \d+ events, byte for byte\n$/);
  });

  it("is found out when it was changed", async () => {
    const at = lines.findIndex((line) => line.includes('"pod-bound"') && line.includes('"node-1"'));
    const changed = lines.map((line, index) => (index === at ? line.replace("node-1", "node-3") : line));
    writeFileSync(file("changed.jsonl"), `${changed.join("\n")}\n`);
    const played = await home.run(["replay", "changed.jsonl"]);
    expect(played.code).toBe(1);
    expect(played.stdout).toContain("the run is over: completed");
    expect(played.stderr).toContain("changed.jsonl was changed");
    const { code, stderr } = await home.run(["replay", "changed.jsonl", "--verify"]);
    expect(code).toBe(1);
    expect(stderr).toContain(`changed.jsonl:${at + 1}`);
    expect(stderr).toContain("hint: The file was changed");
  });

  it("is played as far as it goes when it was cut off", async () => {
    const text = `${lines.join("\n")}\n`;
    writeFileSync(file("cut.jsonl"), text.slice(0, text.length * 0.6));
    const { code, stdout, stderr } = await home.run(["replay", "cut.jsonl"]);
    expect(code).toBe(1);
    expect(stdout.split("\n").length).toBeGreaterThan(50);
    expect(stderr).toContain("cut.jsonl was cut off: its last line is missing");
    const verified = await home.run(["replay", "cut.jsonl", "--verify"]);
    expect(verified.code).toBe(1);
    expect(verified.stdout).toContain("The same came out again");
  });

  it("needs one run, and a file that can be written", async () => {
    const two = await home.run([...SIMULATION, "--seed", "1,2", "--record", "two.jsonl"]);
    expect(two).toMatchObject({ code: 2, stdout: "" });
    expect(two.stderr).toContain("--record keeps one run, and these are 2");
    const nowhere = await home.run([...SIMULATION, "--record", "no/such/run.jsonl"]);
    expect(nowhere).toMatchObject({ code: 1, stdout: "" });
    expect(nowhere.stderr).toContain("Couldn't write no/such/run.jsonl");
  });
});

it("replays the log of a chaos run", async () => {
  const home = new Home();
  await home.run([
    "chaos",
    "--virtual",
    "--nodes",
    "3",
    "--duration",
    "60",
    "--seed",
    "1",
    "--record",
    "chaos.jsonl",
  ]);
  const { stdout } = await home.succeed(["replay", "chaos.jsonl"]);
  expect(stdout).toMatch(/node-\d fails \(node-crash\)/);
  const verified = await home.run(["replay", "chaos.jsonl", "--verify"]);
  expect(verified.code).toBe(1);
  expect(verified.stderr).toContain("which does not say what cluster it was");
  await home.remove([]);
});
