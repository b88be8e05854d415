import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Home } from "../cli/program.ts";
import { type PlainColumns, plainJobs, plainNodes, plainPods } from "../oracles/plain-data.ts";
import { type PlainAnswer, type PlainQueue, plainReplay } from "../oracles/plain-replay.ts";
import { fixture } from "./scene.ts";

/** Answers of the command beside those of the plainest programs that keep the same rules (test/oracles/). */

/** A folder with the whole lists and logs; without it the excerpts among the fixtures are taken. */
const DATA = process.env.KUBESIM_TEST_DATA;
const home = new Home();
afterAll(() => home.remove([]));

const NODES = fixture("openb", "openb_node_list_all_node.csv");
const STRATEGIES = ["first-fit", "best-fit", "worst-fit"] as const;
const QUEUES: readonly PlainQueue[] = ["skip", "fcfs", "easy"];

function podList(name: string): string {
  const whole = DATA === undefined ? "" : join(DATA, "openb", `openb_pod_list_${name}.csv`);
  if (existsSync(whole)) return whole;
  return fixture(
    "openb",
    name === "default" ? "openb_pod_list_default.csv" : `openb_pod_list_${name}-first1000.csv.gz`,
  );
}

/** What the command says, one result a strategy, cut down to what the plain programs say too. */
async function answers(...argv: readonly string[]): Promise<readonly PlainAnswer[]> {
  const { stdout } = await home.succeed(["simulate", ...argv, "-o", "json"]);
  const { results } = JSON.parse(stdout) as { readonly results: readonly PlainAnswer[] };
  return results.map(
    ({
      pods,
      placed,
      pending,
      nodesUsed,
      placementSha256,
      waited,
      totalWaitSeconds,
      makespanSeconds,
      startSha256,
    }) => ({
      ...{ pods, placed, pending, nodesUsed, placementSha256 },
      ...{ waited, totalWaitSeconds, makespanSeconds, startSha256 },
    }),
  );
}

const CPU: PlainColumns = ["cpu_milli"];
const BOTH: PlainColumns = ["cpu_milli", "memory_mib"];

describe.each(["default", "gpushare100", "gpuspec33", "cpu250", "multigpu20"])(
  "pods of %s, at rest",
  (name) => {
    const limit = DATA === undefined ? 1_000 : 1_000_000;
    const clusters = DATA === undefined ? [2, 64] : [1, 2, 64];
    const all = clusters.flatMap((every) =>
      (DATA === undefined ? [BOTH] : [CPU, BOTH]).map((columns) => [every, columns] as const),
    );
    it.each(all)("every %i. node, by %j", async (every, columns) => {
      const file = podList(name);
      const found = await answers(
        ...["--nodes", NODES, "--every-node", String(every), "--pods", file, "--limit-pods", String(limit)],
        ...["--resources", columns.map((column) => column.split("_")[0]).join()],
        ...["--arrivals", "none", "--strategy", STRATEGIES.join()],
      );
      const [nodes, pods] = [plainNodes(NODES, columns, every), plainPods(file, columns, limit)];
      expect(found).toEqual(STRATEGIES.map((strategy) => plainReplay(nodes, pods, strategy, "skip")));
      if (every === 64) expect(found[0]?.pending).toBeGreaterThan(100);
    });
  },
);

describe("pods of many nodes that come and go", () => {
  const lists = DATA === undefined ? ["default"] : ["default", "gpuspec33"];
  const cases = lists.flatMap((list) => QUEUES.map((queue) => [list, queue] as const));
  it.each(cases)("%s, %s", async (list, queue) => {
    const [every, limit] = [300, 400];
    const found = await answers(
      ...["--nodes", NODES, "--every-node", String(every)],
      ...["--pods", podList(list), "--limit-pods", String(limit), "--arrivals", "trace"],
      ...["--queue", queue, "--strategy", STRATEGIES.join()],
    );
    const [nodes, pods] = [plainNodes(NODES, BOTH, every), plainPods(podList(list), BOTH, limit, true)];
    expect(found).toEqual(STRATEGIES.map((strategy) => plainReplay(nodes, pods, strategy, queue)));
    expect(found[0]?.waited).toBeGreaterThan(50);
  });
});

interface Log {
  readonly file: string;
  readonly processors: number;
  readonly limit?: number;
}

const NASA = fixture("swf", "NASA-iPSC-1993-3.1-cln.swf.gz");
const EXCERPTS: readonly Log[] = [
  { file: NASA, processors: 64, limit: 1_000 },
  { file: fixture("swf", "HPC2N-2002-first1000.swf.gz"), processors: 240 },
];

function logs(): readonly Log[] {
  if (DATA === undefined) return EXCERPTS;
  const whole = [
    { file: NASA, processors: 128 },
    { file: join(DATA, "swf", "hpc2n-first3170.swf"), processors: 240 },
    { file: join(DATA, "swf", "lublin_256.swf"), processors: 256 },
    { file: join(DATA, "swf", "LCG.swf.gz"), processors: 24_443 },
    // A twelfth of the grid, where a queue builds up.
    { file: join(DATA, "swf", "LCG.swf.gz"), processors: 2_000, limit: 60_000 },
  ];
  return [...EXCERPTS, ...whole.filter(({ file }) => existsSync(file))];
}

describe.each(logs())("the log $file on $processors processors", ({ file, processors, limit }) => {
  it.each(QUEUES)("%s", async (queue) => {
    const only = limit === undefined ? [] : ["--limit-pods", String(limit)];
    const found = await answers(
      "--processors",
      String(processors),
      "--pods",
      file,
      ...only,
      "--queue",
      queue,
    );
    const machine = { name: "machine-1", has: [processors] };
    const jobs = plainJobs(file, processors, limit);
    expect(found).toEqual([plainReplay([machine], jobs, "first-fit", queue)]);
    if (limit !== undefined) expect(found[0]?.waited).toBeGreaterThan(500);
  });
});
