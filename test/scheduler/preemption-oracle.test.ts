import { expect, test } from "vitest";
import { pods } from "../../src/api/kinds/pod.ts";
import { createRandom } from "../../src/lib/random.ts";
import { SchedulerUnderTest } from "./scheduler-under-test.ts";

/** A pod on a node, by what preemption looks at. */
interface Low {
  readonly name: string;
  readonly cpu: number;
  readonly priority: number;
}

/** Who goes from one node: of all sets that may stay, the one that keeps the most important pods, one by one. */
function bruteForce(lows: readonly Low[], capacity: number, cpu: number, priority: number): readonly Low[] {
  const stay = lows.filter((low) => low.priority >= priority);
  const room = capacity - cpu - stay.reduce((sum, low) => sum + low.cpu, 0);
  const lower = lows
    .filter((low) => low.priority < priority)
    .sort((a, b) => b.priority - a.priority || (a.name < b.name ? -1 : 1));
  let best: { readonly kept: string; readonly victims: readonly Low[] } | undefined;
  for (let set = 0; set < 2 ** lower.length; set++) {
    const isKept = (at: number) => Math.floor(set / 2 ** at) % 2 === 1;
    const used = lower.reduce((sum, low, at) => sum + (isKept(at) ? low.cpu : 0), 0);
    if (used > room) continue;
    const kept = lower.map((_, at) => (isKept(at) ? "1" : "0")).join("");
    if (best === undefined || kept > best.kept) {
      best = { kept, victims: lower.filter((_, at) => !isKept(at)) };
    }
  }
  return best?.victims ?? [];
}

/** What speaks against a node, the weightiest first (pickOneNodeForPreemption), without budgets and starts. */
function harmOf(victims: readonly Low[]): readonly number[] {
  const highest = Math.max(...victims.map(({ priority }) => priority));
  const sum = victims.reduce((all, { priority }) => all + priority + 2 ** 31, 0);
  return [highest, sum, victims.length];
}

function compare(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((value, index) => value !== other[index]);
  return at < 0 ? 0 : (one[at] as number) - (other[at] as number);
}

const CPUS = [500, 700, 1_000, 1_300, 2_000];
const CAPACITY = 3_000;
let helped = 0;

test.each(Array.from({ length: 40 }, (_, seed) => seed))(
  "seed %i: pushes out whom a search through all possibilities finds",
  async (seed) => {
    const random = createRandom(`preemption ${seed}`);
    const pick = <T>(choices: readonly T[]) => choices[random.below(choices.length)] as T;
    const cluster = await SchedulerUnderTest.start();
    const nodes = new Map<string, Low[]>();
    for (let at = 0; at <= random.below(4); at++) {
      const lows: Low[] = [];
      nodes.set(`node-${at}`, lows);
      await cluster.addNode(`node-${at}`, { cpu: `${CAPACITY}m`, memory: "8Gi" });
      for (let left = CAPACITY, count = 0; count < 6; count++) {
        const low = { name: `low-${at}-${count}`, cpu: pick(CPUS), priority: random.below(4) };
        left -= low.cpu;
        if (left < 0) break;
        lows.push(low);
        const spec = { priority: low.priority, nodeName: `node-${at}` };
        await cluster.addPod(low.name, { cpu: `${low.cpu}m` }, { spec });
      }
    }
    await cluster.settle();
    const cpu = pick([1_000, 1_500, 2_500, 3_000]);
    const priority = 1 + random.below(4);
    await cluster.addPod("high", { cpu: `${cpu}m` }, { spec: { priority } });
    await cluster.settle();
    const { items } = await cluster.objects.list(pods);
    const going = items.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
    const gone = going.map(({ metadata }) => metadata.name).sort();
    const free = [...nodes.values()].some(
      (lows) => CAPACITY - lows.reduce((sum, low) => sum + low.cpu, 0) >= cpu,
    );
    const found = [...nodes]
      .map(([node, lows]) => ({ node, victims: bruteForce(lows, CAPACITY, cpu, priority) }))
      .filter(({ victims }) => victims.length > 0);
    if (free || found.length === 0) {
      expect(gone).toEqual([]);
      expect(cluster.decision("high")?.victims).toBeUndefined();
      return;
    }
    helped++;
    const least = found.map(({ victims }) => harmOf(victims)).sort(compare)[0] as readonly number[];
    const best = found.filter(({ victims }) => compare(harmOf(victims), least) === 0);
    const { nominatedNodeName } = (await cluster.pod("high")).status;
    const chosen = best.find(({ node }) => node === nominatedNodeName);
    expect(gone).toEqual(chosen?.victims.map(({ name }) => name).sort());
    expect([...(cluster.decision("high")?.victims ?? [])].sort()).toEqual(
      gone.map((name) => `default/${name}`),
    );
    for (const name of gone) await cluster.remove(name);
    await cluster.settle();
    expect(await cluster.nodeOf("high")).toBe(nominatedNodeName);
    expect(cluster.decision("high")?.victims).toHaveLength(gone.length);
    expect(cluster.errors).toEqual([]);
  },
);

test("most of those clusters had somebody to push out", () => {
  expect(helped).toBeGreaterThan(15);
});
