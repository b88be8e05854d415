import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { PROGRAM } from "../cli/program.ts";
import { simulate } from "./scene.ts";

const SCENARIO = {
  nodes: [{ count: 4, cpu: "4", zones: 2 }],
  workload: [
    { arrivals: "poisson:1", cpu: "uniform:500m,3", memory: "1Gi", duration: "lognormal:8s,1" },
    { name: "batch", arrivals: "burst:3,10s", count: 9, duration: "weibull:0.7,5s" },
  ],
  faults: [{ mtbf: "20s", mttr: "8s" }],
  duration: "40s",
};

const SEEDS = Array.from({ length: 100 }, (_, index) => String(index));

describe("determinism", () => {
  it("100 seeds twice: the same event logs; different seeds: different ones", async () => {
    const logs = async () => {
      const all: string[] = [];
      for (const seed of SEEDS) {
        const { eventLogSha256, invariantViolations, faults } = await simulate(SCENARIO, seed);
        expect([seed, invariantViolations]).toEqual([seed, 0]);
        expect(faults.injected).toBeGreaterThanOrEqual(0);
        all.push(eventLogSha256);
      }
      return all;
    };
    const first = await logs();
    expect(await logs()).toEqual(first);
    expect(new Set(first).size).toBe(SEEDS.length);
  });

  it("another time zone and language in another process: the same event log", async () => {
    const argv = [
      ...[
        "simulate",
        "--node",
        "count=4,cpu=4",
        "--generate",
        "poisson:1",
        "--pod-duration",
        "lognormal:8s,1",
      ],
      ...["--mtbf", "20s", "--mttr", "8s", "--duration", "40s", "-o", "json"],
    ];
    const run = async (env: Readonly<Record<string, string>>) => {
      const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, ...argv], {
        env: { ...process.env, ...env },
      });
      return stdout;
    };
    const plain = await run({ TZ: "UTC", LANG: "C.UTF-8" });
    expect(await run({ TZ: "Asia/Kathmandu", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" })).toBe(plain);
  });

  it("a node more changes no other node's faults, a generator more no other's pods", async () => {
    const faulty = { ...SCENARIO, workload: [{ arrivals: "none", count: 1 }] };
    const four = await simulate(faulty);
    const five = await simulate({ ...faulty, nodes: [...faulty.nodes, { count: 1, prefix: "other" }] });
    // The availability of four nodes can be told from that of five only if the four fail as before.
    expect(five.faults.injected).toBeGreaterThanOrEqual(four.faults.injected);
    const [first] = SCENARIO.workload;
    const roomy = { nodes: [{ count: 1, cpu: "1000", memory: "1Ti", pods: 1_000 }], duration: "30s" };
    const alone = await simulate({ ...roomy, workload: [first] });
    const both = await simulate({ ...roomy, workload: SCENARIO.workload });
    expect(both.pods - alone.pods).toBe(9);
  });
});
