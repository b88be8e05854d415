import { DEFAULT_START_MS } from "../clock/virtual.ts";
import { VERSION } from "../cluster/version.ts";
import { isEvent, RECORDING_VERSION, type RecordingHeader } from "../recording/line.ts";
import type { RecordingFile } from "../recording/recording-file.ts";
import { RecordingWriter } from "../recording/recording-writer.ts";
import { filesArrivals } from "./generate/sample.ts";
import type { Arrival, ArrivingObject, PreparedScenario } from "./prepared.ts";
import type { Scenario, StrategyChoice } from "./scenario/scenario.ts";
import { draftOf } from "./sources/pod-of.ts";
import type { Run } from "./sweep/runs.ts";

/**
 * Begins the recording of a run. All that the scenario's files say is written into it, so that it can be verified
 * anywhere.
 * @param write takes the next piece of the file
 */
export function recordRun(
  prepared: PreparedScenario,
  { strategy, seed }: Run,
  write: (text: string) => void,
): RecordingWriter {
  const { scenario, nodes } = prepared;
  const header: RecordingHeader = {
    recording: "header",
    version: RECORDING_VERSION,
    kubesim: VERSION,
    source: "simulate",
    seed,
    strategy: strategy.name,
    startTime: new Date(DEFAULT_START_MS).toISOString(),
    ...(strategy.source !== undefined && { strategySource: strategy.source }),
    scenario: { ...scenario, strategies: [{ name: strategy.name }], seeds: [seed] },
  };
  const writer = new RecordingWriter(header, write);
  for (const draft of nodes) writer.line({ recording: "node", draft });
  for (const arrival of filesArrivals(prepared, seed)) {
    const { id, atMs } = arrival;
    writer.line({ recording: "arrival", id, atMs, draft: draftOf(arrival) });
  }
  return writer;
}

/** The run of a recording, ready to be run again. Only for one of a simulation. */
export function runOfRecording(file: RecordingFile): {
  readonly prepared: PreparedScenario;
  readonly run: Run;
} {
  const { scenario, strategy: name, strategySource: source, seed } = file.header as RecordingHeader;
  const nodes: PreparedScenario["nodes"][number][] = [];
  const arrivals: Arrival[] = [];
  for (const { line } of file.lines()) {
    if (isEvent(line)) break;
    if (line.recording === "node") nodes.push(line.draft as (typeof nodes)[number]);
    else if (line.recording === "arrival") {
      const draft = line.draft as ArrivingObject["draft"];
      arrivals.push({ id: line.id, atMs: line.atMs, draft, isOwn: false });
    }
  }
  const strategy: StrategyChoice = { name, ...(source !== undefined && { source }) };
  const prepared = { scenario: scenario as Scenario, nodes, arrivals, samples: [], warnings: [] };
  return { prepared, run: { strategy, seed } };
}
