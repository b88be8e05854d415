import { afterAll, beforeAll, expect, it } from "vitest";
import { CLUSTER_SETTINGS_NAME, clusterSettings } from "../../src/api/kinds/cluster-settings.ts";
import { Home } from "./program.ts";
import { connectTo } from "./scene.ts";

const home = new Home();
beforeAll(async () => {
  await home.succeed(["nodes", "add", "a"]);
});
afterAll(() => home.remove());

/** Asks for a strategy as any client of the API may, past the checks of `kubesim strategy set`. */
async function askFor(strategy: string): Promise<void> {
  const { objects, close } = await connectTo(home);
  const patch = { spec: { strategy } };
  await objects.patch(clusterSettings, { name: CLUSTER_SETTINGS_NAME }, { type: "merge", patch });
  await close();
}

it("a strategy that nobody knows is told wherever the strategy is shown, and pods go on being placed", async () => {
  const message = 'no strategy is called "nope"; "first-fit" stays in force';
  await askFor("nope");
  await home.succeed(["pods", "launch", "web", "--cpu", "1", "--wait"]);
  expect((await home.succeed(["status"])).stdout).toContain(`Strategy first-fit, timing fast`);
  expect((await home.succeed(["status"])).stdout).toContain(message);
  const summary = JSON.parse((await home.succeed(["status", "-o", "json"])).stdout) as unknown;
  expect(summary).toMatchObject({ strategy: "first-fit", strategyRefused: message });
  const { stdout, stderr } = await home.succeed(["strategy", "get"]);
  expect([stdout, stderr]).toEqual(["first-fit\n", `warning: ${message}\n`]);
  expect((await home.succeed(["strategy", "list"])).stdout).toMatch(/first-fit\s+in force/);
  expect((await home.succeed(["events"])).stdout).toContain(message);

  await home.succeed(["strategy", "set", "best-fit"]);
  await home.succeed(["pods", "launch", "next", "--cpu", "1", "--wait"]);
  expect((await home.succeed(["status"])).stdout).not.toContain("stays in force");
  expect((await home.succeed(["strategy", "get"])).stderr).toBe("");
});
