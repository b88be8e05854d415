import { GPU_MILLI } from "../api/gpu.ts";
import type { Node } from "../api/kinds/node.ts";
import type { Draft } from "../api/meta.ts";
import { formatResource, resourceAmount } from "../api/quantity.ts";
import { FileFault } from "../lib/file-fault.ts";
import { askedOf, type Sample } from "./generate/sample.ts";
import type { Arrival, PreparedScenario } from "./prepared.ts";
import type { NodeShape, Scenario, WorkloadFile } from "./scenario/scenario.ts";
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
  const samples: Sample[] = [];
  for (const [index, source] of scenario.workload.entries()) {
    if (!("file" in source)) continue;
    const read = readWorkload(source, largestCpu);
    if (scenario.queue !== "skip") requireRoom(source.file, scenario, read.arrivals, nodes);
    if (source.order === "shuffled" || source.demand !== undefined) {
      samples.push(sampleOf(`file ${index}`, source, read.arrivals, nodes));
      continue;
    }
    for (const arrival of read.arrivals) arrivals.push(arrival);
    warnings.push(...read.warnings);
  }
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
  const other = rows.find(({ draft }) => draft.kind !== "Pod")?.draft;
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

/** A pod that is larger than any node would hold up such a queue for ever. */
function requireRoom(
  file: string,
  scenario: Scenario,
  arrivals: readonly Arrival[],
  nodes: readonly Draft<Node>[],
): void {
  const rooms = [
    ...nodes.map(({ status }) => status.allocatable ?? status.capacity ?? {}),
    ...onDemandShapes(scenario).map(({ cpu, memory }) => ({ cpu, memory })),
  ] as readonly Readonly<Record<string, string>>[];
  for (const resource of ["cpu", "memory"] as const) {
    const most = rooms.reduce(
      (sum, room) => Math.max(sum, resourceAmount(resource, room[resource] ?? "0")),
      0,
    );
    const large = arrivals.find((one) => one.draft.kind === "Pod" && askedOf(one, resource) > most);
    if (large === undefined) continue;
    const [asked, room] = [askedOf(large, resource), most].map((amount) => formatResource(resource, amount));
    const problem = `${resource} of ${large.id} is ${asked}, more than any node has (${room})`;
    const hint = `With --queue ${scenario.queue} nothing behind it would ever start. Leave it out, or use --queue skip`;
    throw new FileFault(file, large.line, undefined, problem, hint);
  }
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
