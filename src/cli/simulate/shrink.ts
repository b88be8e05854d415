import { writeFile } from "node:fs/promises";
import { basename, dirname, relative } from "node:path";
import { counted } from "../../lib/counted.ts";
import type { PreparedScenario } from "../../simulate/prepared.ts";
import { shrink } from "../../simulate/shrink/shrink.ts";
import { writeScenario } from "../../simulate/shrink/write-scenario.ts";
import { runsOf } from "../../simulate/sweep/runs.ts";
import { cannotWrite } from "../cannot-write.ts";
import type { CommandContext } from "../command.ts";
import type { Answers } from "../command-line.ts";
import { Exit, ExitCode } from "../errors.ts";
import { interruptCode } from "../interrupt.ts";
import { reproducing } from "./reproducing.ts";

/** What to do where the scenario of `--shrink` cannot be written. */
export const ANOTHER_SCENARIO = "Give another file: --shrink small.yaml";

/**
 * Looks for the first of the runs that fails, and writes a small scenario in which it still does. The exit code is that
 * of the failure: 4 for an invariant, 1 for a run that could not go on; 0 when no run fails.
 */
export async function shrinkSimulation(
  context: CommandContext,
  prepared: PreparedScenario,
  file: string,
  answers: Answers,
): Promise<void> {
  const { io, signal } = context;
  for (const run of runsOf(prepared.scenario)) {
    const found = await shrink(prepared, run, signal, ({ message }) => {
      io.note(`Strategy ${run.strategy.name} with seed ${run.seed} fails: ${message}`);
      io.note("Looking for a small scenario in which it still does; Ctrl-C ends with the smallest so far");
    });
    if (found === undefined && signal.aborted) {
      io.note("interrupted before a run had failed: there is nothing to shrink yet");
      throw new Exit(interruptCode(signal));
    }
    if (found === undefined) continue;
    const { failure, runs, podsBefore } = found;
    const small = found.prepared;
    const name = run.strategy.file ?? run.strategy.name;
    const base = file.replace(/\.ya?ml$/, "");
    const names = { nodes: `${base}-nodes.yaml`, pods: `${base}-pods.yaml` };
    const beside = { nodes: basename(names.nodes), pods: basename(names.pods) };
    const strategy = run.strategy.file === undefined ? name : fromFolderOf(file, run.strategy.file);
    const texts = writeScenario(small, { strategy, seed: run.seed }, beside);
    await write(file, texts.scenario);
    if (small.nodes.length > 0) await write(names.nodes, texts.nodes);
    if (small.arrivals.length > 0) await write(names.pods, texts.pods);
    const before = sizeText(podsBefore, prepared.nodes.length);
    const events = counted(small.scenario.events.length, "event");
    const now = `${sizeText(small.arrivals.length, small.nodes.length)} and ${events}`;
    io.result(`${now} are enough, of ${before}, after ${runs} runs: ${file}`);
    io.note(`See it again with: kubesim simulate ${file}`);
    io.note(`The whole of it: ${reproducing(answers, { strategy: name, seed: run.seed })}`);
    if (signal.aborted) throw new Exit(interruptCode(signal));
    throw new Exit(failure.isInvariant ? ExitCode.invariant : ExitCode.failed);
  }
  io.result("No run fails, so there is nothing to shrink");
}

/** The name of a file for who stands beside another one; with a slash, by which a strategy's file is told. */
function fromFolderOf(other: string, file: string): string {
  const path = relative(dirname(other), file);
  return path.includes("/") ? path : `./${path}`;
}

function sizeText(pods: number, nodes: number): string {
  return `${counted(pods, "pod")} on ${counted(nodes, "node")}`;
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw cannotWrite(file, error, ANOTHER_SCENARIO);
  }
}
