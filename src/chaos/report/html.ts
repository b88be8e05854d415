import { escapeMarkup } from "./markup.ts";
import { nodePicture, podPicture } from "./picture.ts";
import type { ChaosReport } from "./report.ts";
import { REPORT_STYLE } from "./style.ts";
import { percent, type Section, sectionsOf, summaryInWords, verdictInWords } from "./words.ts";

const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** The report as one page that needs nothing else: no script, no network, light and dark. */
export function reportAsHtml(report: ChaosReport): string {
  const { runId, seed, startedAt, endedAt } = report.run;
  const title = `Chaos report ${runId}`;
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeMarkup(title)}</title>`,
    `<style>${REPORT_STYLE}</style>`,
    "</head>",
    "<body>",
    "<main>",
    "<h1>Chaos report</h1>",
    `<p class="verdict ${report.verdict}">${escapeMarkup(verdictInWords(report))}</p>`,
    `<p>${escapeMarkup(summaryInWords(report))}</p>`,
    tiles(report),
    podPicture(report.timeline),
    nodePicture(report.timeline),
    ...sectionsOf(report).map(table),
    `<p class="fine">Run ${escapeMarkup(runId)}, seed ${escapeMarkup(seed)}, `,
    `${escapeMarkup(startedAt)} to ${escapeMarkup(endedAt)}. The same seed gives the same run.</p>`,
    "</main>",
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

/** The figures a manager asks for. */
function tiles({ availability, faults, pods, resilienceScore, invariants }: ChaosReport): string {
  const share = (value: number | null) => (value === null ? "-" : percent(value));
  const violated = invariants.filter(({ holds }) => !holds).length;
  const figures: readonly (readonly [string, string])[] = [
    ["of the time nodes were up", share(availability.nodes)],
    ["of the time pods were running", share(availability.pods)],
    ["faults injected", String(faults.injected)],
    ["pods evicted", String(pods.evictions)],
    ["resilience score", resilienceScore === null ? "-" : resilienceScore.toFixed(0)],
    ["invariants violated", String(violated)],
  ];
  const items = figures.map(
    ([name, value]) => `<div><strong>${escapeMarkup(value)}</strong><span>${escapeMarkup(name)}</span></div>`,
  );
  return `<div class="tiles">${items.join("")}</div>`;
}

function table({ title, lines }: Section): string {
  const rows = lines.map(({ name, value, note }) => {
    const bad = value === "deviated" || value === "VIOLATED" ? ' class="bad"' : "";
    const cells = [`<th scope="row">${escapeMarkup(name)}</th>`, `<td${bad}>${escapeMarkup(value)}</td>`];
    return `<tr>${cells.join("")}<td>${escapeMarkup(note)}</td></tr>`;
  });
  return `<h2>${escapeMarkup(title)}</h2>\n<table>\n${rows.join("\n")}\n</table>`;
}
