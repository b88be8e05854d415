import { reportAsHtml } from "./html.ts";
import { reportAsJunit } from "./junit.ts";
import { reportAsMarkdown } from "./markdown.ts";
import type { ChaosReport } from "./report.ts";

/** The forms in which a report can be kept, by the name of `--report`. */
export const REPORT_WRITERS: Readonly<Record<string, ReportWriter>> = {
  json: { fileName: "report.json", write: (report) => `${JSON.stringify(report, null, 2)}\n` },
  html: { fileName: "report.html", write: reportAsHtml },
  junit: { fileName: "junit.xml", write: reportAsJunit },
  md: { fileName: "report.md", write: reportAsMarkdown },
};

export interface ReportWriter {
  /** How the file is called in `--out`. */
  readonly fileName: string;
  readonly write: (report: ChaosReport) => string;
}
