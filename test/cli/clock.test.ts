import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Home } from "./program.ts";
import { until } from "./scene.ts";

describe("kubesim clock", () => {
  const home = new Home();
  beforeAll(async () => {
    await home.succeed(["server", "start", "--virtual", "--store", "memory", "--seed", "1"]);
    await home.succeed(["nodes", "add", "--cpu", "4", "--count", "2"]);
  });
  afterAll(() => home.remove(["default", "real"]));

  it("lets time pass, says what has happened, and shows ages by the cluster's time", async () => {
    await home.succeed(["pods", "launch", "--cpu", "1", "--count", "2", "--duration", "2h"]);
    const advanced = await home.succeed(["clock", "advance", "90m"]);
    expect(advanced.stdout).toMatch(
      /^advanced 1h30m in \d+ events: pods 2 started; [\d,]+ changes of objects\n/,
    );
    expect(advanced.stdout).toContain("clock held at t+01:30:00 (2025-01-01T01:30:00Z), next event in");
    const { stdout } = await home.succeed(["pods", "list"]);
    expect(stdout).toMatch(/pod-1 .*Running .* 90m/);
    expect((await home.succeed(["status"])).stdout).toContain(
      "Time t+01:30:00 (2025-01-01T01:30:00Z), virtual",
    );
    expect((await home.succeed(["nodes", "describe", "node-1"])).stdout).toContain("90m");
  });

  it("runs, holds and steps", async () => {
    const running = await home.succeed(["clock", "run", "--speed", "100x"]);
    expect(running.stdout).toMatch(/^clock running at 100x, t\+/);
    const refused = await home.run(["clock", "step"]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("hint: Hold it first: kubesim clock pause");
    const { stdout } = await home.succeed(["clock", "pause", "-o", "json"]);
    const { status } = JSON.parse(stdout) as { status: { time: string; elapsedMs: number } };
    expect(status.elapsedMs).toBeGreaterThan(5_400_000);
    const stepped = await home.succeed(["clock", "step", "-o", "json"]);
    const step = JSON.parse(stepped.stdout) as { from: string; events: number };
    expect(step.from).toBe(status.time);
    expect(step.events).toBeGreaterThan(0);
  });

  it("stops a long advance on Ctrl-C, between two instants, and says how far it got", async () => {
    // Containers that end and are started again for ever: something to do in all that time.
    await home.succeed(["pods", "launch", "busy", "--duration", "1s", "--restart-policy", "Always"]);
    const time = async () => (await home.succeed(["clock", "status"])).stdout;
    const before = await time();
    const hasMoved = async () => (await time()) !== before;
    const outcome = await home.run(["clock", "advance", "69000000h"], {
      started: (child) => void until(hasMoved).then(() => child.kill("SIGINT")),
    });
    expect(outcome.code).toBe(130);
    expect(outcome.stdout).toMatch(/^advanced .*\nclock held at t\+/);
  });

  it("says what is wrong and what to do", async () => {
    const bad = await home.run(["clock", "advance", "soon"]);
    expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining("is not a duration")]);
    const fast = await home.run(["clock", "run", "--speed", "0x"]);
    expect([fast.code, fast.stderr]).toEqual([2, expect.stringContaining("is not a speed")]);
    await home.succeed(["server", "start", "--cluster", "real", "--store", "memory"]);
    const real = await home.run(["clock", "advance", "5m", "--cluster", "real"]);
    expect([real.code, real.stderr]).toEqual([1, expect.stringContaining("lives in real time")]);
    expect((await home.succeed(["clock", "status", "--cluster", "real"])).stdout).toContain(
      "clock in real time",
    );
    const both = await home.run(["server", "start", "--virtual", "--cluster", "real"]);
    expect([both.code, both.stderr]).toEqual([1, expect.stringContaining("in real time (pid")]);
    const chaos = await home.run(["chaos", "--duration", "1"]);
    expect([chaos.code, chaos.stderr]).toEqual([1, expect.stringContaining("kubesim chaos --virtual")]);
    const half = await home.run(["server", "start", "--start-time", "now", "--cluster", "two"]);
    expect([half.code, half.stderr]).toEqual([2, expect.stringContaining("Give --virtual, too")]);
  });
});
