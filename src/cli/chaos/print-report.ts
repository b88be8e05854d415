import type { ChaosReport } from "../../chaos/report/report.ts";
import { reportAsText } from "../../chaos/report/text.ts";
import type { CommandContext } from "../command.ts";
import { printValue } from "../output/print.ts";

/**
 * The report on stdout; on stderr when stdout carries the events, one line each. With -o json and yaml the report as
 * data.
 */
export async function printReport(
  context: CommandContext,
  report: ChaosReport,
  options: { readonly eventsOnStdout: boolean },
): Promise<void> {
  const { io, globals } = context;
  if (globals.output === "json" || globals.output === "yaml") return printValue(context, report);
  const stream = options.eventsOnStdout ? io.stderr : io.stdout;
  stream.write(`\n${reportAsText(report)}`);
}
