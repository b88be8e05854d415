import type { Node } from "../../api/kinds/node.ts";
import { nodes as nodeKind } from "../../api/kinds/node.ts";
import { isFinished, pods as podKind } from "../../api/kinds/pod.ts";
import type { Draft } from "../../api/meta.ts";
import { counted } from "../../lib/counted.ts";
import { didYouMean } from "../../lib/did-you-mean.ts";
import { nodeAsNew } from "../../simulate/files/as-new.ts";
import { holdsUp, prepareScenario } from "../../simulate/prepare.ts";
import type { PreparedScenario } from "../../simulate/prepared.ts";
import { eventFault } from "../../simulate/scenario/check-events.ts";
import { generatorFaults } from "../../simulate/scenario/check-generators.ts";
import {
  isStrategyFile,
  type NamedSpec,
  readScenarioFile,
  readSpec,
  scenarioOf,
} from "../../simulate/scenario/read-scenario.ts";
import type { StrategyChoice } from "../../simulate/scenario/scenario.ts";
import { builtInStrategies, readStrategyFile } from "../actions/strategies.ts";
import type { CommandContext } from "../command.ts";
import { withCluster } from "../connection.ts";
import { UsageError } from "../errors.ts";
import { flagOfPath, rawSpec, type SimulateInput } from "./flags.ts";
import { refuseIdleFlags } from "./idle-flags.ts";

const NO_NODES = "There are no nodes to simulate";
const NO_PODS = "There is nothing to place";

/**
 * Reads what is to be simulated: a scenario file, and the flags, which win over it. Fails with UsageError or FileFault,
 * which names flag, or file and line, of what is wrong, and of what can never start.
 */
export async function prepareSimulation(
  context: CommandContext,
  input: SimulateInput,
): Promise<PreparedScenario> {
  refuseIdleFlags(input);
  const fromFile = input.scenario === undefined ? undefined : readScenarioFile(input.scenario);
  const fromFlags = rawSpec(input);
  const spec = readSpec(fromFlags, flagFault);
  const given = Object.fromEntries(Object.entries(spec).filter(([name]) => Object.hasOwn(fromFlags, name)));
  const named = { name: fromFile?.name ?? "flags", spec: { ...(fromFile?.spec ?? spec), ...given } };
  const live = input.live ? await liveNodes(context) : [];
  const placeOf = (field: keyof typeof spec) =>
    fromFile !== undefined && given[field] === undefined ? fromFile.fault : undefined;
  if (named.spec.nodes.length === 0 && live.length === 0) {
    const hint = "Give --nodes, --node, --processors, --live or a scenario with nodes";
    throw placeOf("nodes")?.(["nodes"], NO_NODES, hint) ?? new UsageError(NO_NODES, hint);
  }
  if (named.spec.workload.length === 0) {
    const hint = "Give --pods, --generate or a scenario with a workload";
    throw placeOf("workload")?.(["workload"], NO_PODS, hint) ?? new UsageError(NO_PODS, hint);
  }
  const strategies: StrategyChoice[] = [];
  for (const [index, text] of named.spec.strategies.entries()) {
    const place = placeOf("strategies");
    const fault = (problem: string, hint?: string) =>
      place?.(["strategies", index], problem, hint) ?? new UsageError(problem, hint);
    strategies.push(await strategyOf(text, fault));
  }
  const prepared = prepareScenario(scenarioOf(named, strategies), live);
  return { ...prepared, warnings: [...prepared.warnings, ...neverStarts(prepared, input, placeOf)] };
}

/** Where a field of the scenario stands, when that is in the file. */
type PlaceOf = (field: "events" | "workload") => NamedSpec["fault"] | undefined;

/** Events that cannot happen are refused. So are generators that would hold up the queue; the others are told of. */
function neverStarts(prepared: PreparedScenario, input: SimulateInput, placeOf: PlaceOf): readonly string[] {
  const event = eventFault(prepared);
  if (event !== undefined) {
    const { index, problem, hint } = event;
    const inFile = placeOf("events")?.(["events", index], problem, hint);
    throw inFile ?? flagFault("events", `"${input.event?.[index]}": ${problem}`, hint);
  }
  const { queue } = prepared.scenario;
  const tooLarge = generatorFaults(prepared).map(({ index, field, problem }) => {
    const inFile = placeOf("workload")?.(["workload", index, field], problem, holdsUp(queue));
    return inFile ?? flagFault(`workload[${index}].${field}`, `is too large: ${problem}`, holdsUp(queue));
  });
  if (queue !== "skip" && tooLarge.length > 0) throw tooLarge[0];
  return tooLarge.map(({ message }) => message);
}

function flagFault(path: string, problem: string, hint?: string): UsageError {
  return new UsageError(`${flagOfPath(path)} ${problem}`, hint);
}

async function strategyOf(
  text: string,
  fault: (problem: string, hint?: string) => Error,
): Promise<StrategyChoice> {
  if (isStrategyFile(text)) return { ...(await readStrategyFile(text)), file: text };
  const names = (await builtInStrategies()).map(({ name }) => name);
  if (names.includes(text)) return { name: text };
  const close = didYouMean(text, names);
  const hint = close === undefined ? `There are ${names.join(", ")}` : `Did you mean "${close}"?`;
  throw fault(`There is no strategy "${text}"`, hint);
}

/** The nodes of the live cluster as they would be created anew: without what their agents reported of them. */
async function liveNodes(context: CommandContext): Promise<readonly Draft<Node>[]> {
  let found: readonly Draft<Node>[] = [];
  await withCluster(context, async ({ objects }) => {
    const { items } = await objects.list(nodeKind);
    const { items: there } = await objects.list(podKind);
    const taking = there.filter((pod) => pod.spec.nodeName !== undefined && !isFinished(pod)).length;
    if (taking > 0) {
      context.io.note(
        `note: ${counted(taking, "pod")} of the live cluster left out: its nodes are taken as empty`,
      );
      context.io.note("  kubesim what-if launch -f FILE tries a workload beside them");
    }
    found = items.map(nodeAsNew);
  });
  return found;
}
