import { stringify } from "yaml";
import { Annotation } from "../../api/well-known.ts";
import type { PreparedScenario } from "../prepared.ts";
import type { FaultProcess, FixedEvent } from "../scenario/scenario.ts";
import { durationsText } from "../scenario/words.ts";
import { draftOf } from "../sources/pod-of.ts";

/** A scenario as files: its own text, and those of the manifests it names. */
export interface ScenarioFiles {
  readonly scenario: string;
  readonly nodes: string;
  readonly pods: string;
}

/**
 * Writes down a scenario whose nodes and pods are known one by one.
 * @param strategy as it is called on the command line
 * @param files names of the files with nodes and pods
 */
export function writeScenario(
  { scenario, nodes, arrivals }: PreparedScenario,
  { strategy, seed }: { readonly strategy: string; readonly seed: string },
  files: { readonly nodes: string; readonly pods: string },
): ScenarioFiles {
  const onDemand = scenario.nodes.filter((source) => !("file" in source) && source.onDemand);
  const { queue, timing, durationMs, stop } = scenario;
  const spec = {
    nodes: [...(nodes.length > 0 ? [{ file: files.nodes }] : []), ...onDemand],
    workload: arrivals.length > 0 ? [{ file: files.pods, arrivals: "trace" }] : [],
    strategies: [strategy],
    seeds: [seed],
    queue,
    timing,
    ...(scenario.faults.length > 0 && { faults: scenario.faults.map(faultFields) }),
    ...(scenario.events.length > 0 && { events: scenario.events.map(eventText) }),
    ...(durationMs !== undefined && { duration: `${durationMs}ms` }),
    ...(stop.length > 0 && { stop }),
  };
  const metadata = { name: `${scenario.name}-shrunk` };
  return {
    scenario: stringify({ apiVersion: "kubesim.dev/v1alpha1", kind: "Scenario", metadata, spec }),
    nodes: documents(nodes),
    pods: documents(
      arrivals.map((arrival) => {
        const draft = draftOf(arrival);
        const annotations = { ...draft.metadata.annotations, [Annotation.arrival]: `${arrival.atMs}ms` };
        const { status: _, ...kept } = draft as typeof draft & { readonly status?: unknown };
        return { ...kept, metadata: { ...draft.metadata, annotations } };
      }),
    ),
  };
}

function faultFields({ fromMs, untilMs, ...process }: FaultProcess): object {
  const span = {
    ...(fromMs !== undefined && { from: `${fromMs}ms` }),
    ...(untilMs !== undefined && { until: `${untilMs}ms` }),
  };
  if ("tickMs" in process) {
    const { tickMs, ...rest } = process;
    return { ...rest, tick: `${tickMs}ms`, ...span };
  }
  const { upMs, downMs, ...rest } = process;
  return { ...rest, mtbf: durationsText(upMs), mttr: durationsText(downMs), ...span };
}

function eventText({ atMs, action, target }: FixedEvent): string {
  return `at ${atMs}ms ${action} ${target}`;
}

function documents(objects: readonly unknown[]): string {
  return objects
    .map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }))
    .join("---\n");
}
