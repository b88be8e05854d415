import { GPU_MILLI } from "../api/gpu.ts";
import type { Node } from "../api/kinds/node.ts";
import type { Draft } from "../api/meta.ts";
import { resourceAmount } from "../api/quantity.ts";
import { counted } from "../lib/counted.ts";
import { FileFault } from "../lib/file-fault.ts";
import { askedOf, type Sample } from "./generate/sample.ts";
import { NodeCapacities, type Oversized } from "./node-capacities.ts";
import type { Arrival, PreparedScenario } from "./prepared.ts";
import type { Generator, NodeShape, Scenario, WorkloadFile } from "./scenario/scenario.ts";
import { someOf } from "./some-of.ts";
import { nodesOf } from "./sources/nodes.ts";
import { OwnNames } from "./sources/own-names.ts";
import { draftOf } from "./sources/pod-of.ts";
import { surroundings } from "./sources/surroundings.ts";
import { readWorkload } from "./sources/workload.ts";

/**
 * Reads the files of a scenario. Fails with FileFault, which names file and line, when one of them is wrong.
 * @param extraNodes nodes from elsewhere, such as a live cluster's; they come first
 */
export function prepareScenario(
  scenario: Scenario,
  extraNodes: readonly Draft<Node>[] = [],
): PreparedScenario {
  const nodes = nodesOf(scenario.nodes, extraNodes);
  const largestCpu = Math.max(largestOf(nodes), ...onDemandShapes(scenario).map(({ cpu }) => cpuOf(cpu)));
  const capacities = nodeCapacities(scenario, nodes);
  const arrivals: Arrival[] = [];
  const warnings: string[] = [];
  const samples: Sample[] = [];
  const names = new OwnNames(scenario.workload.filter((source): source is Generator => !("file" in source)));
  for (const [index, source] of scenario.workload.entries()) {
    if (!("file" in source)) continue;
    const read = readWorkload(source, largestCpu);
    warnings.push(...read.warnings, ...tooLarge(source.file, scenario, capacities.oversized(read.arrivals)));
    if (source.order === "shuffled" || source.demand !== undefined) {
      samples.push(sampleOf(`file ${index}`, source, read.arrivals, nodes));
      continue;
    }
    for (const arrival of read.arrivals) {
      names.add(source.file, draftOf(arrival), arrival.line);
      arrivals.push(arrival);
    }
  }
  arrivals.unshift(...surroundings(arrivals));
  // A stable sort: what comes at one instant keeps its order.
  arrivals.sort((a, b) => a.atMs - b.atMs);
  return { scenario, nodes, arrivals, samples, warnings };
}

function sampleOf(
  name: string,
  { file, order, demand }: WorkloadFile,
  rows: readonly Arrival[],
  nodes: readonly Draft<Node>[],
): Sample {
  const fault = (problem: string) => new FileFault(file, undefined, undefined, problem);
  const other = rows.map(draftOf).find(({ kind }) => kind !== "Pod");
  if (other !== undefined)
    throw fault(`has a ${other.kind} in it: only pods can be shuffled and drawn again`);
  const sample = { name, rows, isShuffled: order === "shuffled" };
  if (demand === undefined) return sample;
  const resource = demand.resource === "gpu" ? GPU_MILLI : demand.resource;
  if (rows.every((row) => askedOf(row, resource) === 0)) {
    throw fault(`has no pods that ask for ${demand.resource}: there can be no demand of it`);
  }
  const total = nodes.reduce((sum, { status }) => {
    const text = (status.allocatable ?? status.capacity)?.[resource];
    return sum + (text === undefined ? 0 : resourceAmount(resource, text));
  }, 0);
  if (total === 0)
    throw fault(`is to ask for ${demand.times} times the nodes' ${demand.resource}, and they have none`);
  return { ...sample, target: { resource, amount: demand.times * total } };
}

/** What is to be done about a pod that fits nowhere, in a queue that nobody may overtake. */
export function holdsUp(queue: string): string {
  return `With --queue ${queue} nothing behind it would ever start. Leave it out, or use --queue skip`;
}

/** What the nodes of a scenario have, those included that are added on demand. */
export function nodeCapacities(scenario: Scenario, nodes: readonly Draft<Node>[]): NodeCapacities {
  return new NodeCapacities([
    ...nodes.map(({ status }) => status.allocatable ?? status.capacity ?? {}),
    ...onDemandShapes(scenario).map(({ cpu, memory }) => ({ cpu, memory })),
  ]);
}

/** Pods larger than any node are worth a word; a queue that nobody may overtake they would hold up for ever. */
function tooLarge(file: string, { queue }: Scenario, pods: readonly Oversized[]): readonly string[] {
  const [first] = pods;
  if (first === undefined) return [];
  if (queue !== "skip") {
    throw new FileFault(file, first.line, undefined, first.problem, holdsUp(queue));
  }
  const named = pods.map(({ line, problem }) => (line === undefined ? problem : `line ${line}: ${problem}`));
  return [`${file}: ${counted(pods.length, "pod")} will never start: ${someOf(named)}`];
}

/** Shapes of which nodes are added when they are needed. */
export function onDemandShapes({ nodes }: Scenario): readonly NodeShape[] {
  return nodes.filter((source): source is NodeShape => !("file" in source) && source.onDemand);
}

/** Looked at one by one: there may be more than a call takes arguments. */
function largestOf(nodes: readonly Draft<Node>[]): number {
  let most = 0;
  for (const { status } of nodes)
    most = Math.max(most, cpuOf((status.allocatable ?? status.capacity)?.cpu ?? "0"));
  return most;
}

function cpuOf(quantity: string): number {
  return resourceAmount("cpu", quantity);
}
