import { writeFile } from "node:fs/promises";
import { VERSION } from "../../cluster/version.ts";
import { simulationAsHtml } from "../../simulate/report/html.ts";
import type { SimulationResult } from "../../simulate/result.ts";
import type { Scenario } from "../../simulate/scenario/scenario.ts";
import type { Verdict } from "../../simulate/verdict/verdict.ts";
import type { CommandContext } from "../command.ts";
import { type Answers, commandLine } from "../command-line.ts";
import { simulate } from "../commands/simulate.ts";
import { CommandError } from "../errors.ts";

/** Writes the page of `--report` and says so on stderr. */
export async function writeSimulationReport(
  { io }: CommandContext,
  file: string,
  values: Answers,
  scenario: Scenario,
  results: readonly SimulationResult[],
  verdict: Verdict | null,
): Promise<void> {
  const isPartial =
    results.length < scenario.strategies.length * scenario.seeds.length ||
    results.some(({ status }) => status === "partial");
  const command = commandLine(simulate, reproducing(values));
  const page = simulationAsHtml({
    scenario: scenario.name,
    version: VERSION,
    command,
    isPartial,
    results,
    verdict,
  });
  try {
    await writeFile(file, page);
  } catch (error) {
    throw new CommandError(`Couldn't write ${file}: ${(error as Error).message}`, {
      hint: "Give another file: --report FILE.html",
      reason: "CannotWrite",
    });
  }
  io.note(`Wrote ${file}`);
}

/** What was given, but for what does not change the results. */
function reproducing(values: Answers): Answers {
  const kept = Object.entries(values as Readonly<Record<string, unknown>>).filter(
    ([name, value]) => value !== false && value !== undefined && name !== "report" && name !== "workers",
  );
  return Object.fromEntries(kept) as Answers;
}
