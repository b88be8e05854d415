import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeFaults } from "../../src/api/kinds/node-fault.ts";
import { Home, PROGRAM } from "./program.ts";
import { connectTo, setScene, until } from "./scene.ts";

describe("however a command ends", () => {
  const home = new Home();
  let cluster: Awaited<ReturnType<typeof connectTo>>;
  beforeAll(async () => {
    await home.succeed(["server", "start", "--store", "memory"]);
    cluster = await connectTo(home);
    await setScene(cluster.objects);
  });
  afterAll(async () => {
    await cluster.close();
    await home.remove();
  });

  const faults = async (): Promise<number> => (await cluster.objects.list(nodeFaults)).items.length;
  const chaos = [
    "chaos",
    "--duration",
    "60",
    "--tick",
    "200ms",
    "--failure-prob",
    "1",
    "--recovery-prob",
    "0",
  ];

  it("Ctrl-C in a watch ends it with 130", async () => {
    const outcome = await home.run(["pods", "list", "--watch"], {
      started: (child) => {
        child.stdout?.once("data", () => child.kill("SIGINT"));
      },
    });
    expect(outcome.code).toBe(130);
    expect(outcome.stdout).toContain("pod-1");
    expect(outcome.stderr).toBe("");
  });

  it("Ctrl-C in chaos heals everything, reports, and ends with 130", async () => {
    const outcome = await home.run(chaos, {
      started: (child) => void until(async () => (await faults()) > 0).then(() => child.kill("SIGINT")),
    });
    expect(outcome.code).toBe(130);
    expect(await faults()).toBe(0);
    expect(outcome.stderr).toContain("INVARIANTS");
    const lines = outcome.stdout.trim().split("\n");
    expect(JSON.parse(lines.at(-1) as string)).toMatchObject({
      type: "run-ended",
      status: "interrupted",
      healed: true,
    });
  });

  it("kill -9 of chaos leaves faults that chaos heal takes away", async () => {
    await home.run(chaos, {
      started: (child) => void until(async () => (await faults()) > 0).then(() => child.kill("SIGKILL")),
    });
    expect(await faults()).toBeGreaterThan(0);
    await home.succeed(["chaos", "heal"]);
    expect(await faults()).toBe(0);
  });

  it("a steady condition that does not hold ends chaos with 1, an abort condition with 5", async () => {
    const brief = [
      "chaos",
      "--duration",
      "1",
      "--tick",
      "200ms",
      "--failure-prob",
      "1",
      "--recovery-prob",
      "0",
    ];
    await until(async () => (await home.run(["status", "-o", "json"])).stdout.includes('"notReady": 0'));
    const deviated = await home.run([...brief, "--steady", "up>=100%", "-o", "json"]);
    expect(deviated.code).toBe(1);
    expect(JSON.parse(deviated.stdout)).toMatchObject({ verdict: "deviated" });
    const aborted = await home.run([...brief, "--abort", "availability<100%", "-o", "json"]);
    expect(aborted.code).toBe(5);
    expect(JSON.parse(aborted.stdout)).toMatchObject({ verdict: "aborted" });
    expect(await faults()).toBe(0);
  });

  it("a reader that has seen enough (| head) ends it quietly with 0", async () => {
    const child = spawn(process.execPath, [PROGRAM, "help"], {
      env: home.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.stdout.destroy();
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  it.skipIf(!existsSync("/dev/full"))("a full disk behind stdout is an error", () => {
    const full = openSync("/dev/full", "w");
    const { status, stderr } = spawnSync(process.execPath, [PROGRAM, "help"], {
      env: home.env,
      stdio: ["ignore", full, "pipe"],
      encoding: "utf8",
    });
    closeSync(full);
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^error: Couldn't write the result: there is no space left/),
    ]);
  });

  it("--wait ends with 124 when it takes too long", async () => {
    const outcome = await home.run([
      "pods",
      "launch",
      "giant",
      "--cpu",
      "64",
      "--wait",
      "--timeout",
      "300ms",
    ]);
    expect(outcome.code).toBe(124);
    expect(outcome.stdout).toContain("pod/giant created");
    expect(outcome.stderr).toContain("kubesim explain pod giant");
    await home.succeed(["pods", "delete", "giant", "--now"]);
  });
});

describe("kubesim demo", () => {
  const home = new Home();
  afterAll(() => home.remove());

  it("works unattended and leaves nothing behind", async () => {
    const { stdout, stderr } = await home.succeed(["demo"]);
    expect(stdout).toContain("giant waits: it fits on none of 3 nodes");
    expect(stdout).toContain("INVARIANTS");
    expect(stdout).toContain("nothing is left behind");
    expect(stderr).not.toMatch(/still waiting|error/);
    expect(readdirSync(home.path)).toEqual([]);
  });
});
