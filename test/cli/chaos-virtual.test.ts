import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Home } from "./program.ts";
import { until } from "./scene.ts";

const RUN = ["chaos", "--virtual", "--nodes", "8", "--pods", "40", "--duration", "10m"];

describe("kubesim chaos --virtual", () => {
  const home = new Home();
  afterAll(() => home.remove());

  it("is the same twice, byte for byte, in any time zone, and needs no server", async () => {
    const argv = [...RUN, "--seed", "7", "-o", "json"];
    const first = await home.succeed(argv);
    const second = await home.succeed(argv, { env: { TZ: "Asia/Tokyo", LANG: "tr_TR.UTF-8" } });
    expect(second.stdout).toBe(first.stdout);
    const report = JSON.parse(first.stdout) as {
      eventLogSha256: string;
      verdict: string;
      run: { durationMs: number };
      expectation: { status: string };
      invariants: readonly { holds: boolean }[];
    };
    expect(report.eventLogSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(report.verdict).toBe("held");
    expect(report.run.durationMs).toBeGreaterThanOrEqual(600_000);
    expect(report.invariants.every(({ holds }) => holds)).toBe(true);
    const other = await home.succeed([...RUN, "--seed", "8", "-o", "json"]);
    expect(other.stdout).not.toContain(report.eventLogSha256);
    const server = await home.succeed(["server", "status", "-o", "json"]);
    expect(JSON.parse(server.stdout)).toMatchObject({ running: false });
  });

  it("records its events; the file has the digest that is printed, and gives the same report", async () => {
    const file = join(home.path, "run.jsonl");
    const run = await home.succeed([...RUN, "--seed", "7", "--record", file, "-o", "json"]);
    const { eventLogSha256, ...report } = JSON.parse(run.stdout) as { eventLogSha256: string };
    expect(createHash("sha256").update(readFileSync(file)).digest("hex")).toBe(eventLogSha256);
    const again = await home.succeed(["chaos", "report", file, "-o", "json"]);
    expect(JSON.parse(again.stdout)).toEqual(report);
    const nowhere = await home.run([...RUN, "--record", join(home.path, "no", "run.jsonl")]);
    expect([nowhere.code, nowhere.stderr]).toEqual([1, expect.stringContaining("Couldn't write")]);
  });

  it("ends as live chaos does: 1 deviated, 5 aborted, 130 interrupted with what there is", async () => {
    const deviated = await home.run([...RUN, "--seed", "7", "--steady", "up>=100%"]);
    expect(deviated.code).toBe(1);
    expect((await home.run([...RUN, "--seed", "7", "--abort", "availability<99%"])).code).toBe(5);
    const file = join(home.path, "interrupted.jsonl");
    const isUnderWay = async () => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;
    const interrupted = await home.run(["chaos", "--virtual", "--duration", "240h", "--record", file], {
      started: (child) => void until(isUnderWay).then(() => child.kill("SIGINT")),
    });
    expect(interrupted.code).toBe(130);
    expect(interrupted.stdout).toContain("sha256");
  });

  it("says what is wrong and what to do", async () => {
    const cases: [readonly string[], string][] = [
      [["chaos", "--virtual", "--nodes", "some"], "is not a number of nodes"],
      [["chaos", "--pods", "3"], "Give --virtual, too"],
      [["chaos", "--virtual", "--strategy", "best-fi"], 'Did you mean "best-fit"?'],
      [["chaos", "--virtual", "--node", "cpu=none"], "is no shape"],
    ];
    for (const [argv, text] of cases) {
      const { code, stderr } = await home.run(argv);
      expect([code, stderr]).toEqual([2, expect.stringContaining(text)]);
    }
  });
});
