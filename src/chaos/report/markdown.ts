import type { ChaosReport } from "./report.ts";
import { sectionsOf, summaryInWords, verdictInWords } from "./words.ts";

/** The report as Markdown, for pull requests and wikis. */
export function reportAsMarkdown(report: ChaosReport): string {
  const { runId, seed, startedAt, endedAt } = report.run;
  const blocks = sectionsOf(report).map(({ title, lines }) => {
    const rows = lines.map(({ name, value, note }) => `| ${cell(name)} | ${cell(value)} | ${cell(note)} |`);
    return [`## ${title}`, "", "| what | value | |", "|---|---|---|", ...rows].join("\n");
  });
  const head = [
    "# Chaos report",
    `**${escapeMarkdown(verdictInWords(report))}** ${escapeMarkdown(summaryInWords(report))}`,
    `Run \`${code(runId)}\`, seed \`${code(seed)}\`, from ${startedAt} to ${endedAt}.`,
  ];
  return `${[...head, ...blocks].join("\n\n")}\n`;
}

function cell(text: string): string {
  return escapeMarkdown(text.replace(/\s+/g, " "));
}

/** Neither Markdown nor the HTML that Markdown lets through. */
function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_[\]()|~!#]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;");
}

function code(text: string): string {
  return text.replace(/[`\s]/g, " ");
}
