import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { runScenario } from "../../src/simulate/run-scenario.ts";
import { PROGRAM } from "../cli/program.ts";
import { prepared, simulate } from "./scene.ts";

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

  it("another time zone and language in another process: 100 equal runs", async () => {
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
      ...["--mtbf", "10s", "--mttr", "4s", "--duration", "20s", "--seed", SEEDS.join(), "-o", "json"],
    ];
    const run = async (env: Readonly<Record<string, string>>) => {
      const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, ...argv], {
        env: { ...process.env, ...env },
        maxBuffer: 2 ** 28,
      });
      return stdout;
    };
    const plain = await run({ TZ: "UTC", LANG: "C.UTF-8" });
    const elsewhere = await run({ TZ: "Asia/Kathmandu", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" });
    expect(elsewhere === plain).toBe(true);
    const { results } = JSON.parse(plain) as { results: readonly { eventLogSha256: string }[] };
    expect(new Set(results.map(({ eventLogSha256 }) => eventLogSha256)).size).toBe(SEEDS.length);
  });

  it("one node, fault process or generator more, wherever it stands, changes nothing for the others", async () => {
    const roomy = { count: 4, cpu: "1000", memory: "10Ti", pods: 10_000 };
    const scenario = { ...SCENARIO, nodes: [roomy], faults: [{ mtbf: "20s", mttr: "8s", select: "!other" }] };
    const others = { ...roomy, count: 2, prefix: "a", labels: { other: "yes" } };
    const before = await historyOf(scenario);
    expect(before.faults.length).toBeGreaterThan(4);
    const hang = { fault: "node-hang", failureProbability: 0.2, recoveryProbability: 0.5 };
    const more = await historyOf({
      ...scenario,
      nodes: [others, ...scenario.nodes],
      workload: [{ name: "more", arrivals: "poisson:2", duration: "exponential:3s" }, ...scenario.workload],
      faults: [hang, { mtbf: "30s", mttr: "1s", select: "other" }, ...scenario.faults],
    });
    const own = ({ faults, pods }: Awaited<ReturnType<typeof historyOf>>) => ({
      faults: faults.filter((text) => /node-crash node-/.test(text)),
      pods: pods.filter((text) => !text.includes("default/more-")),
    });
    expect(own(more)).toEqual(own(before));
    expect(more.faults.length).toBeGreaterThan(before.faults.length);
  });
});

/** When which node failed and came back, and when which pod of what size came. */
async function historyOf(raw: object): Promise<{ readonly faults: string[]; readonly pods: string[] }> {
  const faults: string[] = [];
  const pods: string[] = [];
  const names = new Map<string, string>();
  const seen = new Set<string>();
  await runScenario(prepared(raw, ["first-fit"]), { name: "first-fit" }, "7", new AbortController().signal, {
    onEvent(event) {
      if (event.type === "fault-injected") {
        names.set(event.id, `${event.fault} ${event.node}`);
        faults.push(`${event.t} ${names.get(event.id)}`);
      } else if (event.type === "node-healed") faults.push(`${event.t} healed ${names.get(event.id)}`);
      // A pod that is re-created comes later, by whatever became of its node.
      else if (event.type === "pod-added" && !seen.has(event.pod)) {
        seen.add(event.pod);
        pods.push(`${event.t} ${event.pod} ${JSON.stringify(event.requests)}`);
      }
    },
  });
  return { faults, pods };
}
