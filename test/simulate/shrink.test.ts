import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Home } from "../cli/program.ts";

const home = new Home();
afterAll(() => home.remove([]));

/** Fails when a large pod meets a node with three pods. */
const BROKEN = `
export default {
  name: "broken",
  score(pod, node) {
    if (node.podCount >= 3 && pod.requests.cpu >= 2000) throw new Error("no idea about " + pod.name);
    return 0;
  },
};
`;

const SIMULATION = [
  ...["simulate", "--node", "count=4,cpu=16", "--generate", "poisson:0.2", "--pod-cpu", "uniform:500m,3"],
  ...[
    "--pod-duration",
    "exponential:5m",
    "--mtbf",
    "10m",
    "--mttr",
    "1m",
    "--duration",
    "30m",
    "--seed",
    "3",
  ],
];

describe("simulate --shrink", () => {
  it("finds a small scenario in which a run still fails, and writes it", async () => {
    const strategy = home.write("broken.mjs", BROKEN);
    const whole = await home.run([...SIMULATION, "--strategy", strategy]);
    expect(whole.code).toBe(1);
    expect(whole.stderr).toContain("--shrink small.yaml");
    mkdirSync(join(home.path, "found"));
    const argv = [...SIMULATION, "--strategy", strategy, "--shrink", join("found", "small.yaml")];
    const { code, stdout, stderr } = await home.run(argv);
    expect(code, stderr).toBe(1);
    // Three pods on a node, and a large one that meets them: less is not enough.
    expect(stdout).toMatch(/^4 pods on 1 node and 0 events are enough, of \d{3} pods on 4 nodes/m);
    expect((await home.run(["simulate", join("found", "small.yaml")])).code).toBe(1);
    const again = await home.run(["simulate", "small.yaml"], { cwd: join(home.path, "found") });
    expect(again.code, again.stderr).toBe(1);
    expect(again.stderr).toContain("no idea about pod-");
    const pods = readFileSync(join(home.path, "found", "small-pods.yaml"), "utf8");
    expect(pods.match(/^kind: Pod$/gm)).toHaveLength(4);
  });

  it("turns chance into the events that matter", async () => {
    // The first pod is placed before any other; a second time only when its node was lost.
    const strategy = home.write(
      "moved.mjs",
      `export default {
         name: "moved",
         score(pod, node, context) {
           if (pod.name === "pod-1" && context.placements > 0) throw new Error("that one again");
           return 0;
         },
       };`,
    );
    const { code, stdout, stderr } = await home.run([
      ...["simulate", "--node", "count=4,cpu=16", "--generate", "constant:0.1", "--pod-count", "40"],
      ...[
        "--mtbf",
        "5m",
        "--mttr",
        "1m",
        "--duration",
        "30m",
        "--strategy",
        strategy,
        "--shrink",
        "few.yaml",
      ],
    ]);
    expect(code, stdout + stderr).toBe(1);
    expect(stdout).toMatch(
      /^1 pod on 2 nodes and 1 event are enough|^1 pod on 1 node and 2 events are enough/m,
    );
    const scenario = readFileSync(join(home.path, "few.yaml"), "utf8");
    expect(scenario).toMatch(/at \d+ms crash node-1/);
    expect(scenario).not.toContain("faults:");
    const again = await home.run(["simulate", "few.yaml"]);
    expect(again.stderr).toContain("that one again");
  });

  it("makes the violation of an invariant small, and keeps the exit code", async () => {
    // Who names a node by himself is not kept from giving it more than it has; all else is chaff.
    const pods = Array.from({ length: 40 }, (_, index) => {
      const pinned = index % 4 === 0 ? "\n  nodeName: node-2" : "";
      return `apiVersion: v1
kind: Pod
metadata: { name: p${index}, annotations: { kubesim.dev/arrival: ${index * 5}s } }
spec:${pinned}
  containers: [{ name: main, image: x, resources: { requests: { cpu: "${1 + (index % 3)}" } } }]
`;
    });
    home.write("pinned.yaml", pods.join("---\n"));
    const simulation = [
      ...["simulate", "--node", "count=4,cpu=4", "--pods", "pinned.yaml", "--generate", "poisson:0.1"],
      ...["--pod-duration", "exponential:1m", "--mtbf", "2m", "--mttr", "20s", "--duration", "20m"],
    ];
    const { code, stdout, stderr } = await home.run([...simulation, "--shrink", "over.yaml"]);
    expect(code, stderr).toBe(4);
    const [, few] = /^(\d+) pods on \d nodes? and \d events? are enough, of 1\d\d pods/m.exec(stdout) ?? [];
    expect(Number(few)).toBeLessThanOrEqual(5);
    const again = await home.run(["simulate", "over.yaml"]);
    expect(again.code).toBe(4);
    expect(again.stderr).toContain("no-overcommit");
    expect(
      Number(/duration: (\d+)ms/.exec(readFileSync(join(home.path, "over.yaml"), "utf8"))?.[1]),
    ).toBeLessThan(120_000);
  });

  it("keeps the smallest that it has found when it is interrupted", async () => {
    const strategy = home.write("broken.mjs", BROKEN);
    const argv = [...SIMULATION, "--strategy", strategy, "--shrink", "early.yaml"];
    // It speaks when it has found a run that fails, before it looks for a smaller one.
    const { code, stdout } = await home.run(argv, {
      started: (child) => child.stderr?.once("data", () => child.kill("SIGINT")),
    });
    expect(code).toBe(130);
    expect(stdout).toMatch(/are enough, of \d{3} pods on 4 nodes/);
    const again = await home.run(["simulate", "early.yaml"]);
    expect(again.stderr).toContain("no idea about pod-");
  });

  it("says so when nothing fails", async () => {
    const { stdout } = await home.succeed([...SIMULATION, "--shrink", "none.yaml"]);
    expect(stdout).toBe("No run fails, so there is nothing to shrink\n");
  });
});
