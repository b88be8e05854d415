import { execFileSync } from "node:child_process";
import { delimiter } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { requirement } from "../requirements.ts";
import { Home } from "./program.ts";

/** Other versions of Node: KUBESIM_TEST_OTHER_NODE, a list as in PATH. */
const others = (process.env.KUBESIM_TEST_OTHER_NODE ?? "").split(delimiter).filter((path) => path !== "");
const other = requirement("another major version of Node", () =>
  others.some((path) => majorOf(path) !== majorOf(process.execPath))
    ? undefined
    : "KUBESIM_TEST_OTHER_NODE names none (node scripts/fetch-node.mjs 24 DIRECTORY gets it)",
);

function majorOf(node: string): string | undefined {
  const version = execFileSync(node, ["--version"], { encoding: "utf8" });
  return version.match(/^v(\d+)\./)?.[1];
}

/** Whatever draws or computes: every distribution, failures and ties by chance. */
const RUN = [
  ...["simulate", "--node", "count=6,cpu=8,zones=2", "--duration", "90s", "--seed", "1,2,3"],
  ...["--generate", "poisson:0.5", "--generate", "diurnal:0.1,1,60s", "--generate", "burst:5,20s"],
  ...["--pod-cpu", "weibull:0.7,1", "--pod-memory", "lognormal:1Gi,1", "--pod-duration", "pareto:1.5,5s"],
  ...["--mtbf", "exponential:20s", "--mttr", "weibull:0.5,4s", "--strategy", "kubernetes,random,best-fit"],
  ...["-o", "json"],
];

const listed = others.length > 0 ? others : ["another Node"];

describe.skipIf(!other.available).each(listed)("under %s", (node) => {
  const home = new Home();
  afterAll(() => home.remove());

  it("one seed gives one run, byte for byte", async () => {
    const [here, there] = await Promise.all([home.succeed(RUN), home.succeed(RUN, { node })]);
    expect(there.stdout).toBe(here.stdout);
    const { results } = JSON.parse(there.stdout) as { results: readonly { eventLogSha256: string }[] };
    expect(new Set(results.map(({ eventLogSha256 }) => eventLogSha256)).size).toBe(9);
  });

  it("a server starts, keeps its state, and serves what the other Node has left", async () => {
    const run = (...argv: string[]) => home.succeed(argv, { node });
    await run("server", "start");
    await run("nodes", "add", "--count", "2");
    await run("pods", "launch", "web", "--wait");
    await run("server", "stop");
    const { stdout } = await home.succeed(["pods", "list", "-o", "name"]);
    expect(stdout).toContain("web");
    await run("server", "stop");
    expect((await run("pods", "list")).stdout).toContain("Running");
  });

  it("the guided tour goes to its end", async () => {
    const { stdout, stderr } = await home.succeed(["demo"], { node });
    expect(stdout + stderr).toContain("chaos");
  });
});
