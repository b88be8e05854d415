import { afterAll, beforeAll, expect, it } from "vitest";
import { Home } from "./program.ts";

const home = new Home();
beforeAll(async () => {
  await home.succeed(["server", "start", "--store", "memory", "--virtual"]);
  await home.succeed(["nodes", "add", "--cpu", "4", "--count", "2"]);
  await home.succeed(["pods", "launch", "--cpu", "1", "--count", "3"]);
  await home.succeed(["clock", "advance", "1m"]);
});
afterAll(() => home.remove());

it("tells people and programs what would happen, and leaves the live cluster at its version", async () => {
  const version = async () => (await home.succeed(["pods", "list", "-o", "json"])).stdout;
  const before = await version();
  const { stdout, stderr } = await home.succeed(["what-if", "drain", "node-1"]);
  expect(stdout).toContain("drain node-1: settled");
  expect(stdout).toMatch(/3 pods would move\n {4}default\/pod-1 {2}node-1 -> node-2/);
  expect(stdout).toMatch(/cpu left +5 of 8 +1 of 4/);
  expect(stderr).toContain("the cluster itself was not touched");
  const json = JSON.parse((await home.succeed(["what-if", "launch", "9", "pods", "-o", "json"])).stdout) as {
    steps: readonly { created: readonly unknown[]; waiting: readonly unknown[] }[];
    before: { waiting: number };
    after: { waiting: number };
  };
  expect(json.steps[0]).toMatchObject({ created: { length: 9 }, waiting: { length: 4 } });
  const many = (await home.succeed(["what-if", "launch", "12", "pods"])).stdout;
  expect(many).toMatch(
    /7 pods would wait\n {4}default\/pod-9, default\/pod-10, default\/pod-11 and 4 more: 0\/2 nodes [^\n]*cpu\.\n\n/,
  );
  expect([json.before.waiting, json.after.waiting]).toEqual([0, 4]);
  const template = { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "c", image: "i" }] } };
  const manifest = JSON.stringify({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: { replicas: 2, selector: { matchLabels: { a: "b" } }, template },
  });
  const launched = await home.succeed(["what-if", "launch", "-f", "-"], { stdin: manifest });
  expect(launched.stdout).toContain("2 pods would be started");
  expect(await version()).toBe(before);
});

it("answers nonsense with exit code 2, and a node that is not there with 1", async () => {
  expect((await home.run(["what-if", "explode"])).code).toBe(2);
  const { code, stderr } = await home.run(["what-if", "drain", "node-7"]);
  expect([code, stderr]).toEqual([1, expect.stringContaining('Couldn\'t find node "node-7"')]);
  expect((await home.run(["what-if", "drain", "node-1", "-f", "x.yaml"])).code).toBe(2);
});
