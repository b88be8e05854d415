import { writeFile } from "node:fs/promises";
import { VERSION } from "../../cluster/version.ts";
import { simulationAsHtml } from "../../simulate/report/html.ts";
import type { SimulationResult } from "../../simulate/result.ts";
import type { Scenario } from "../../simulate/scenario/scenario.ts";
import type { Verdict } from "../../simulate/verdict/verdict.ts";
import { cannotWrite } from "../cannot-write.ts";
import type { CommandContext } from "../command.ts";
import type { Answers } from "../command-line.ts";
import { reproducing } from "./reproducing.ts";

/** What to do where the page of `--report` cannot be written. */
export const ANOTHER_REPORT = "Give another file: --report FILE.html";

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
  const command = reproducing(values);
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
    throw cannotWrite(file, error, ANOTHER_REPORT);
  }
  io.note(`Wrote ${file}`);
}
