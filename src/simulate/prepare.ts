import type { Node } from "../api/kinds/node.ts";
import type { Draft } from "../api/meta.ts";
import { resourceAmount } from "../api/quantity.ts";
import type { Arrival, PreparedScenario } from "./prepared.ts";
import type { NodeShape, Scenario } from "./scenario/scenario.ts";
import { nodesOf } from "./sources/nodes.ts";
import { readWorkload } from "./sources/workload.ts";

/**
 * Reads the files of a scenario. Fails with FileFault, which names file and line, when one of them is wrong.
 * @param extraNodes nodes from elsewhere, such as a live cluster's; they come first
 */
export function prepareScenario(
  scenario: Scenario,
  extraNodes: readonly Draft<Node>[] = [],
): PreparedScenario {
  const nodes = [...extraNodes, ...scenario.nodes.flatMap(nodesOf)];
  const largestCpu = Math.max(0, ...largest(nodes), ...onDemandShapes(scenario).map(({ cpu }) => cpuOf(cpu)));
  const arrivals: Arrival[] = [];
  const warnings: string[] = [];
  for (const source of scenario.workload) {
    if (!("file" in source)) continue;
    const read = readWorkload(source, largestCpu);
    for (const arrival of read.arrivals) arrivals.push(arrival);
    warnings.push(...read.warnings);
  }
  // A stable sort: what comes at one instant keeps its order.
  arrivals.sort((a, b) => a.atMs - b.atMs);
  return { scenario, nodes, arrivals, warnings };
}

/** Shapes of which nodes are added when they are needed. */
export function onDemandShapes({ nodes }: Scenario): readonly NodeShape[] {
  return nodes.filter((source): source is NodeShape => !("file" in source) && source.onDemand);
}

function largest(nodes: readonly Draft<Node>[]): readonly number[] {
  let most = 0;
  for (const { status } of nodes)
    most = Math.max(most, cpuOf((status.allocatable ?? status.capacity)?.cpu ?? "0"));
  return [most];
}

function cpuOf(quantity: string): number {
  return resourceAmount("cpu", quantity);
}
