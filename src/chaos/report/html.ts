import { escapeMarkup } from "./markup.ts";
import { htmlPage } from "./page.ts";
import { nodePicture, podPicture } from "./picture.ts";
import type { ChaosReport } from "./report.ts";
import { REPORT_STYLE } from "./style.ts";
import { percent, type Section, sectionsOf, summaryInWords, verdictInWords } from "./words.ts";

/** The report as one page (`htmlPage`). */
export function reportAsHtml(report: ChaosReport): string {
  const { runId, seed, startedAt, endedAt } = report.run;
  return htmlPage(`Chaos report ${runId}`, REPORT_STYLE, [
    "<h1>Chaos report</h1>",
    `<p class="verdict ${report.verdict}">${escapeMarkup(verdictInWords(report))}</p>`,
    `<p>${escapeMarkup(summaryInWords(report))}</p>`,
    tiles(report),
    podPicture(report.timeline),
    nodePicture(report.timeline),
    ...sectionsOf(report).map(table),
    `<p class="fine">Run ${escapeMarkup(runId)}, seed ${escapeMarkup(seed)}, `,
    `${escapeMarkup(startedAt)} to ${escapeMarkup(endedAt)}. The same seed gives the same run.</p>`,
  ]);
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
