import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { Home } from "../cli/program.ts";
import { fixture, simulate } from "./scene.ts";

const home = new Home();
afterAll(() => home.remove([]));

const NODES = fixture("openb", "openb_node_list_all_node.csv");
const PODS = fixture("openb", "openb_pod_list_default.csv");

interface Row {
  readonly [name: string]: unknown;
}

async function results(...argv: readonly string[]): Promise<readonly Row[]> {
  const { stdout } = await home.succeed(["simulate", ...argv, "-o", "json"]);
  return (JSON.parse(stdout) as { readonly results: readonly Row[] }).results;
}

describe("the worked examples, through the command", () => {
  it.each([
    ["cpu", [8152, 0, 1071, "e7d6273a"], [8152, 0, 1159, "4272c91a"], [8131, 21, 1202, "3e7e56aa"]],
    ["cpu,memory", [8152, 0, 1077, "5c41b105"], [8152, 0, 1165, "77428ef5"], [8131, 21, 1202, "ef8c136f"]],
  ])("a whole cluster by %s", async (resources, ...expected) => {
    const found = await results(
      ...["--nodes", NODES, "--pods", PODS, "--resources", resources, "--arrivals", "none"],
      ...["--strategy", "first-fit,best-fit,worst-fit"],
    );
    const rows = found.map((row) => [
      row.placed,
      row.pending,
      row.nodesUsed,
      String(row.placementSha256).slice(0, 8),
    ]);
    expect(rows).toEqual(expected);
  });

  it.each([
    ["fcfs", 11, 145_997, "9ce73a2a"],
    ["skip", 6, 73_468, "d37fef44"],
  ])("the log of a parallel machine, %s", async (queue, waited, totalWaitSeconds, sha256) => {
    const log = fixture("swf", "NASA-iPSC-1993-3.1-cln.swf.gz");
    const [row] = await results("--processors", "128", "--pods", log, "--queue", queue);
    expect(row).toMatchObject({ pods: 18_066, placed: 18_066, waited, totalWaitSeconds });
    expect(row?.makespanSeconds).toBe(7_949_022);
    expect(String(row?.startSha256).slice(0, 8)).toBe(sha256);
  });

  it("three crashes of the busiest node and their returns", async () => {
    const steps = [10, 20, 30].map((at) => `at ${at}s crash busiest`);
    const returns = ["0384", "0896", "1152"].map((id, at) => `at ${40 + 10 * at}s heal openb-node-${id}`);
    const [row] = await results(
      ...["--nodes", NODES, "--every-node", "64", "--pods", PODS, "--limit-pods", "150"],
      ...["--arrivals", "none", "--duration", "70s"],
      ...[...steps, ...returns].flatMap((event) => ["--event", event]),
    );
    expect(row).toMatchObject({ placed: 150, pending: 0, invariantViolations: 0 });
    expect(row?.faults).toMatchObject({ injected: 3, detected: 3, evictions: 17 + 16 + 17 });
    expect(String(row?.placementSha256).slice(0, 8)).toBe("5db913ca");
  });
});

describe("bin packing with nodes that are opened on demand", () => {
  it.each([
    ["first-fit", 1044, 995],
    ["best-fit", 1038, 995],
    ["worst-fit", 1131, 1003],
  ])("%s uses as many bins as written down", async (strategy, inOrder, descending) => {
    const instances = binPackings();
    expect(instances).toHaveLength(20);
    expect(await binsUsed(strategy, instances)).toBe(inOrder);
    const sorted = instances.map(({ capacity, sizes }) => ({
      capacity,
      sizes: sizes.toSorted((a, b) => b - a),
    }));
    expect(await binsUsed(strategy, sorted)).toBe(descending);
  });
});

interface BinPacking {
  readonly capacity: number;
  readonly sizes: readonly number[];
}

function binPackings(): readonly BinPacking[] {
  const words = readFileSync(fixture("binpack", "binpack1.txt"), "utf8").trim().split(/\s+/);
  const instances: BinPacking[] = [];
  for (let at = 1; at < words.length; ) {
    const [capacity, count] = [Number(words[at + 1]), Number(words[at + 2])];
    at += 4;
    instances.push({ capacity, sizes: words.slice(at, at + count).map(Number) });
    at += count;
  }
  return instances;
}

async function binsUsed(strategy: string, instances: readonly BinPacking[]): Promise<number> {
  let bins = 0;
  for (const { capacity, sizes } of instances) {
    const items = sizes.map((size, index) => `item-${index},${size},0`).join("\n");
    const name = createHash("sha256").update(items).digest("hex").slice(0, 12);
    const file = home.write(`${name}.csv`, `name,cpu_milli,memory_mib\n${items}\n`);
    const nodes = { count: 1_000, cpu: `${capacity}m`, pods: 1_000, onDemand: true };
    const workload = { file, resources: ["cpu"], arrivals: "none" };
    const result = await simulate({ nodes, workload, queue: "fcfs" }, "1", strategy);
    expect(result.pending).toBe(0);
    bins += result.nodesUsed;
  }
  return bins;
}
