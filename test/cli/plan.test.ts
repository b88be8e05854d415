import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { Home } from "./program.ts";

const OPENB = join(import.meta.dirname, "..", "..", "fixtures", "openb", "openb_pod_list_default.csv");
const home = new Home();
afterAll(() => home.remove());

it("finds the fewest nodes for a real list of pods, with the lower bound beside it", async () => {
  const argv = ["plan", "--pods", OPENB, "--node", "cpu=128,memory=1Ti,pods=1000"];
  const json = await home.succeed([...argv, "--strategy", "first-fit,best-fit", "-o", "json"]);
  const plan = JSON.parse(json.stdout) as {
    pods: number;
    lowerBound: { nodes: number; resource: string };
    plans: readonly { strategy: string; nodes: number; onDemand: number }[];
  };
  expect(plan.pods).toBe(8_152);
  expect(plan.lowerBound.resource).toBe("cpu");
  for (const { nodes, onDemand } of plan.plans) {
    expect(nodes).toBe(onDemand);
    expect(nodes).toBeGreaterThanOrEqual(plan.lowerBound.nodes);
    expect(nodes).toBeLessThan(plan.lowerBound.nodes * 1.05);
  }
  const table = await home.succeed([...argv, "--strategy", "first-fit"]);
  expect(table.stdout).toContain(`need ${plan.lowerBound.nodes} nodes or more (by cpu)`);
});

it("prints what it has found when it is interrupted", async () => {
  const { code, stdout, stderr } = await home.run(["plan", "--pods", "-", "-o", "json"], {
    stdin: readFileSync(OPENB, "utf8"),
    // It has begun by the time it has read nearly all.
    started: (child) => child.stdin?.once("finish", () => child.kill("SIGINT")),
  });
  expect(code).toBe(130);
  expect(stderr).toMatch(/^partial: interrupted; \d+ of \d+ strategies were tried$/m);
  const { status, plans } = JSON.parse(stdout) as { status: string; plans: readonly object[] };
  expect(status).toBe("partial");
  expect(plans.length).toBeLessThan(5);
});

it("hears Ctrl-C in the middle of a strategy", async () => {
  const argv = ["plan", "--pods", "-", "--strategy", "kubernetes", "-o", "json"];
  const { code, stdout } = await home.run(argv, {
    stdin: readFileSync(OPENB, "utf8"),
    started: (child) => child.stdin?.once("finish", () => child.kill("SIGINT")),
  });
  expect(code).toBe(130);
  expect(JSON.parse(stdout)).toMatchObject({ status: "partial", plans: [] });
});

it("says what is wrong and what to do", async () => {
  const cases: [readonly string[], number, string][] = [
    [["plan"], 2, "--pods is needed"],
    [["plan", "--pods", "nowhere.csv"], 2, "there is no such file"],
    [["plan", "--pods", OPENB, "--node", "cpu=lots"], 2, "is no shape"],
    [["plan", "--pods", OPENB, "--strategy", "best"], 2, 'Did you mean "best-fit"?'],
    [["plan", "--pods", OPENB, "--node", "cpu=1", "--strategy", "first-fit"], 1, "on no such node"],
  ];
  for (const [argv, code, text] of cases) {
    const outcome = await home.run(argv);
    expect([outcome.code, outcome.stderr]).toEqual([code, expect.stringContaining(text)]);
  }
});
