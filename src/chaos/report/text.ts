import type { ChaosReport } from "./report.ts";
import { sectionsOf, summaryInWords, verdictInWords } from "./words.ts";

/** A name from a saved run must not steer the terminal. */
const CONTROL = /[^\P{Cc}\n]/gu;

/** The report for a terminal: plain text in columns, one section under the other. */
export function reportAsText(report: ChaosReport): string {
  const sections = sectionsOf(report);
  const lines = sections.flatMap((section) => section.lines);
  const nameWidth = Math.max(...lines.map(({ name }) => name.length));
  const valueWidth = Math.max(...lines.map(({ value }) => value.length));
  const { runId, seed, timing } = report.run;
  const blocks = sections.map(({ title, lines }) =>
    [
      title.toUpperCase(),
      ...lines.map(({ name, value, note }) =>
        `  ${name.padEnd(nameWidth)}  ${value.padStart(valueWidth)}  ${note}`.trimEnd(),
      ),
    ].join("\n"),
  );
  const profile = timing === null ? "" : `, timing ${timing.profile}`;
  const head = [verdictInWords(report), summaryInWords(report), `Run ${runId}, seed ${seed}${profile}`];
  return `${[head.join("\n"), ...blocks].join("\n\n")}\n`.replace(CONTROL, "\uFFFD");
}
