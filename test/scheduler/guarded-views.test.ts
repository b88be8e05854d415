import { expect, test } from "vitest";
import { nodes } from "../../src/api/kinds/node.ts";
import { SchedulerUnderTest } from "./scheduler-under-test.ts";

const TAINT = { key: "spot", value: "true", effect: "PreferNoSchedule" } as const;
const TOLERATION = { key: "spot", operator: "Exists" } as const;

async function twoNodes(): Promise<SchedulerUnderTest> {
  const cluster = await SchedulerUnderTest.start();
  for (const name of ["a", "b"]) {
    await cluster.addNode(name, { cpu: "2" }, { labels: { zone: name }, spec: { taints: [TAINT] } });
  }
  await cluster.settle();
  return cluster;
}

/** Places a pod. @returns the strategy that placed it */
async function add(cluster: SchedulerUnderTest, name: string, requests: Record<string, string>) {
  await cluster.addPod(name, requests, { spec: { tolerations: [TOLERATION] } });
  await cluster.settle();
  return cluster.decision(name)?.strategy;
}

/** Puts a strategy into force; it is loaded in real time. */
async function useStrategy(cluster: SchedulerUnderTest, statement: string): Promise<void> {
  const source = `export default { score: (pod, node, context) => { ${statement}; return 1; } };`;
  await cluster.setStrategy("vandal", source);
  let probes = 0;
  await expect.poll(() => add(cluster, `probe-${++probes}`, {})).toBe("vandal");
}

test.each([
  ["counts", "node.requested.cpu = -1e9"],
  ["pod counts", "node.podCount = -5"],
  ["what there is", "node.allocatable.cpu = 1e9"],
  ["non-zero counts", "node.nonZeroRequested.memory = 0"],
  ["labels of the node", "node.labels.zone = 'x'"],
  ["taints", "node.taints.push({ key: 'a', effect: 'NoSchedule' })"],
  ["a taint", "node.taints[0].effect = 'NoExecute'"],
  ["requests", "pod.requests.cpu = 0"],
  ["labels of the pod", "pod.labels.app = 'x'"],
  ["tolerations", "pod.spec.tolerations.length = 0"],
  ["the context", "context.lastIndex = 7"],
  ["the chances", "context.random.next = () => 0"],
])("a strategy that writes to %s changes nothing, and hears of it", async (_what, statement) => {
  const cluster = await twoNodes();
  const before = (await cluster.objects.list(nodes)).items;
  await useStrategy(cluster, statement);
  for (const name of ["one", "two", "three", "four", "five"]) await add(cluster, name, { cpu: "1" });
  const { one, two, three, four, five } = await cluster.places();
  expect([one, two, three, four, five]).toEqual(["a", "a", "b", "b", "-"]);
  expect(cluster.errors.map(String)).toContainEqual(
    expect.stringMatching(/"vandal" failed.*(read only|not extensible)/),
  );
  expect((await cluster.objects.list(nodes)).items).toEqual(before);
  const { metadata, spec } = await cluster.pod("one");
  expect(metadata.labels).toBeUndefined();
  expect(spec.tolerations).toContainEqual(TOLERATION);
});

test("a strategy sees the newest counts, labels and taints, and may draw", async () => {
  const cluster = await twoNodes();
  const score = "if (node.name === 'b') return node.labels.best ? 9 + context.random.next() : 0";
  await useStrategy(cluster, `${score}; return 1 - node.requested.cpu / 1000`);
  await add(cluster, "one", { cpu: "1500m" });
  await add(cluster, "two", { cpu: "100m" });
  await cluster.changeNode("b", ({ metadata, ...node }) => ({
    ...node,
    metadata: { ...metadata, labels: { best: "yes" } },
  }));
  await add(cluster, "three", { cpu: "100m" });
  const { one, two, three } = await cluster.places();
  expect([one, two, three]).toEqual(["a", "b", "b"]);
  expect(cluster.errors).toEqual([]);
});
