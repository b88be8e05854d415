import { expect, it } from "vitest";
import { nodes } from "../../src/api/kinds/node.ts";
import { Ledger } from "../../src/chaos/ledger.ts";
import { isFinished } from "../../src/chaos/ledger-pod.ts";
import { ClusterUnderTest } from "../scenarios/cluster-under-test.ts";
import { performChaos } from "./chaos-under-test.ts";

/** What the ledger keeps by adding and taking away, counted afresh. Missing pods cannot be: they are not there. */
function recount(ledger: Ledger): Record<string, number> {
  const nodeList = [...ledger.nodes.values()];
  const upNodes = nodeList.filter(({ faults }) => faults.size === 0);
  const isUp = (name: string | undefined) => upNodes.some((node) => node.name === name);
  const living = [...ledger.pods.values()].filter((pod) => !isFinished(pod));
  const wanted = living.filter(({ terminating, evicted }) => !terminating || evicted);
  const running = wanted.filter(({ phase, evicted }) => phase === "Running" && !evicted);
  const cpu = (list: typeof nodeList) =>
    list.reduce((sum, { allocatable }) => sum + (allocatable.cpu ?? 0), 0);
  return {
    nodes: nodeList.length,
    up: upNodes.length,
    ready: nodeList.filter(({ ready }) => ready === true).length,
    cpuMilli: cpu(nodeList),
    cpuMilliUp: cpu(upNodes),
    running: running.length,
    alive: running.filter(({ node, lost }) => isUp(node) && !lost).length,
    pending: wanted.filter(({ phase }) => phase === "Pending").length,
    unschedulable: wanted.filter(({ unschedulable, node }) => unschedulable && node === undefined).length,
    overcommittedNodes: nodeList.filter((node) => usedCpu(living, node.name) > (node.allocatable.cpu ?? 0))
      .length,
  };
}

function usedCpu(
  pods: readonly { node: string | undefined; requests: Readonly<Record<string, number>> }[],
  name: string,
) {
  return pods.reduce((sum, { node, requests }) => (node === name ? sum + (requests.cpu ?? 0) : sum), 0);
}

it("the ledger's counts are those of a recount, after every event of a crowded run with people in it", async () => {
  const cluster = await ClusterUnderTest.start();
  await cluster.addNodes(8);
  for (let pod = 1; pod <= 40; pod++) {
    const annotations = pod % 4 === 0 ? { "kubesim.dev/duration": `${pod}s` } : {};
    await cluster.launch(`pod-${pod}`, { annotations, ...(pod % 8 === 0 && { restartPolicy: "Never" }) });
  }
  await cluster.clock.advance(5_000);
  const meddle = (afterMs: number, work: () => Promise<unknown>) =>
    cluster.clock.after(afterMs, () => {
      work().catch((error: unknown) => expect(error).toBeUndefined());
    });
  meddle(20_000, () => cluster.fail("node-3", "node-hang"));
  meddle(31_000, () => cluster.deletePod("pod-1"));
  meddle(40_000, () => cluster.addNode("node-late", { cpu: "2" }));
  meddle(52_000, () => cluster.heal("node-3", "node-hang"));
  meddle(61_000, () => cluster.launch("pod-late"));
  meddle(70_000, () => cluster.objects.delete(nodes, { name: "node-5" }));
  const ledger = new Ledger();
  let events = 0;
  await performChaos(
    cluster,
    { seed: "2", duration: "120", fault: ["node-crash,node-hang"] },
    {
      onEvent(event) {
        ledger.apply(event);
        events++;
        expect(ledger.counts, `${event.t} ${event.type}`).toMatchObject(recount(ledger));
      },
    },
  );
  cluster.stop();
  expect(cluster.errors).toEqual([]);
  expect(events).toBeGreaterThan(300);
  expect(ledger.counts.doubleBound).toBe(0);
});
