import { escapeMarkup } from "../../chaos/report/markup.ts";
import { htmlPage } from "../../chaos/report/page.ts";
import { formatDuration } from "../../lib/duration.ts";
import type { SimulationResult, TimelinePoint } from "../result.ts";
import { estimate } from "../statistics/estimate.ts";
import { METRICS, type Metric } from "../verdict/metrics.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { barChart } from "./bar-chart.ts";
import { dotChart, legend, lineChart } from "./charts.ts";
import { meanCurve } from "./curve.ts";
import { SIMULATION_STYLE } from "./style.ts";

/** What a report is made of. */
export interface SimulationReport {
  readonly scenario: string;
  readonly version: string;
  /** The command line that gives the same results. */
  readonly command: string;
  readonly isPartial: boolean;
  readonly results: readonly SimulationResult[];
  readonly verdict: Verdict | null;
}

/** The results as one page (`htmlPage`). */
export function simulationAsHtml(report: SimulationReport): string {
  const title = `Simulation of ${report.scenario}`;
  const strategies = [...new Set(report.results.map(({ strategy }) => strategy))];
  const runsOf = (name: string) => report.results.filter(({ strategy }) => strategy === name);
  const groups = strategies.map((name) => ({ name, runs: runsOf(name) }));
  return htmlPage(title, SIMULATION_STYLE, [
    `<h1>${escapeMarkup(title)}</h1>`,
    `<p class="verdict">${escapeMarkup(verdictOf(report))}</p>`,
    `<p>${escapeMarkup(whatWasDone(report, groups))}</p>`,
    "<h2>Compared</h2>",
    comparisonTable(groups),
    "<h2>Over time</h2>",
    legend(strategies),
    ...curves(groups),
    ...waitBars(groups),
    "<h2>Run by run</h2>",
    '<p class="fine">A dot is a run; the bar below is the mean with its 95 % confidence interval.</p>',
    ...dots(groups, report.verdict?.metric),
    "<h2>Every run</h2>",
    runTable(report.results),
    "<h2>Do it again</h2>",
    `<pre>${escapeMarkup(report.command)}</pre>`,
    `<p class="fine">kubesim ${escapeMarkup(report.version)}. `,
    "The same command gives the same hashes, byte for byte.</p>",
  ]);
}

interface Group {
  readonly name: string;
  readonly runs: readonly SimulationResult[];
}

function verdictOf({ verdict, isPartial }: SimulationReport): string {
  const warning = isPartial ? "Partial: the simulation was interrupted. " : "";
  return `${warning}${verdict?.sentence ?? "One strategy, so there is nothing to compare."}`;
}

function whatWasDone({ results }: SimulationReport, groups: readonly Group[]): string {
  const seeds = new Set(results.map(({ seed }) => seed)).size;
  const violated = results.reduce((sum, { invariantViolations }) => sum + invariantViolations, 0);
  const faults = results.reduce((sum, result) => sum + result.faults.injected, 0);
  const pods = estimate(results.map((result) => result.pods))?.mean ?? 0;
  return [
    `${plural(groups.length, "strategy", "strategies")} with ${plural(seeds, "seed", "seeds")}:`,
    `${plural(results.length, "run", "runs")} of ${Math.round(pods)} pods in virtual time, on average.`,
    faults === 0 ? "No node failed." : `Nodes failed ${plural(faults, "time", "times")} in all.`,
    violated === 0 ? "All invariants of kubesim held." : `${violated} INVARIANTS OF KUBESIM WERE VIOLATED.`,
  ].join(" ");
}

function comparisonTable(groups: readonly Group[]): string {
  const shown = METRICS.filter((metric) => groups.some(({ runs }) => valuesOf(metric, runs).length > 0));
  const head = groups.map(({ name }) => `<th scope="col">${escapeMarkup(name)}</th>`).join("");
  const rows = shown.map((metric) => {
    const cells = groups.map(({ runs }) => `<td>${escapeMarkup(meanText(metric, runs))}</td>`).join("");
    const name = escapeMarkup(metric.label);
    return `<tr><th scope="row">${name} <span class="fine">${metric.better} is better</span></th>${cells}</tr>`;
  });
  return (
    `<div class="wide"><table>\n<thead><tr><th></th>${head}</tr></thead>\n` +
    `<tbody>\n${rows.join("\n")}\n</tbody>\n</table></div>`
  );
}

function meanText(metric: Metric, runs: readonly SimulationResult[]): string {
  const found = estimate(valuesOf(metric, runs));
  if (found === null) return "-";
  const { mean, halfWidth } = found;
  return halfWidth === null || halfWidth === 0
    ? metric.text(mean)
    : `${metric.text(mean)} ± ${metric.differenceText(halfWidth)}`;
}

function valuesOf({ value }: Metric, runs: readonly SimulationResult[]): readonly number[] {
  return runs.map(value).filter((found) => found !== null);
}

const percent = (share: number) => `${Number((100 * share).toFixed(1))} %`;
const count = (value: number) => String(Number(value.toFixed(1)));

type OverTime = readonly [string, (point: TimelinePoint) => number, (value: number) => string];

const OVER_TIME: readonly OverTime[] = [
  ["CPU in use", ({ cpuUsed, cpuTotal }) => (cpuTotal === 0 ? 0 : cpuUsed / cpuTotal), percent],
  ["Pods waiting", ({ pending }) => pending, count],
  ["Free CPU on nodes too full for the median pod", ({ fragmentation }) => fragmentation, percent],
];

function curves(groups: readonly Group[]): readonly string[] {
  return OVER_TIME.map(([title, value, text]) =>
    lineChart(
      title,
      groups.map(({ name, runs }) => meanCurve(name, runs, value)),
      text,
    ),
  );
}

/** How long pods waited; nothing when none did. */
function waitBars(groups: readonly Group[]): readonly string[] {
  const first = groups[0]?.runs.find(({ waits }) => waits !== null)?.waits?.histogram ?? [];
  const rows = groups.map(({ name, runs }) => {
    const pods = first.map((_, at) =>
      runs.reduce((sum, { waits }) => sum + (waits?.histogram[at]?.pods ?? 0), 0),
    );
    const all = pods.reduce((sum, count) => sum + count, 0);
    return { name, shares: pods.map((count) => count / Math.max(1, all)) };
  });
  if (rows.every(({ shares }) => shares.slice(1).every((share) => share === 0))) return [];
  const labels = first.map(({ upToSeconds }, at) => {
    if (upToSeconds === 0) return "not at all";
    const before = formatDuration(1_000 * (first[at - 1]?.upToSeconds ?? 0));
    return upToSeconds === null ? `over ${before}` : `up to ${formatDuration(1_000 * upToSeconds)}`;
  });
  return [barChart("How long pods waited", labels, rows)];
}

/** The metric of the verdict first, then how long pods waited. */
function dots(groups: readonly Group[], judged: string | undefined): readonly string[] {
  const names = new Set([...(judged === undefined ? [] : [judged]), "wait", "p95-wait", "nodes"]);
  const metrics = [...names].flatMap((name) => METRICS.filter((metric) => metric.name === name));
  return metrics.map((metric) => {
    const rows = groups.map(({ name, runs }) => ({ name, values: valuesOf(metric, runs) }));
    return dotChart(metric.label, rows, metric.text);
  });
}

function runTable(results: readonly SimulationResult[]): string {
  const names = ["strategy", "seed", "status", "pods", "placed", "pending", "placement", "event log"];
  const head = names.map((name) => `<th scope="col">${name}</th>`).join("");
  const rows = results.map((run) => {
    const cells = [run.strategy, run.seed, run.status, run.pods, run.placed, run.pending];
    const hashes = [run.placementSha256, run.eventLogSha256].map((hash) => hash.slice(0, 16));
    const hashCells = hashes.map((hash) => `<td class="hash">${hash}</td>`);
    return `<tr>${cells.map((cell) => `<td>${escapeMarkup(String(cell))}</td>`).join("")}${hashCells.join("")}</tr>`;
  });
  return (
    `<div class="wide"><table>\n<thead><tr>${head}</tr></thead>\n` +
    `<tbody>\n${rows.join("\n")}\n</tbody>\n</table></div>`
  );
}

function plural(amount: number, one: string, many: string): string {
  return `${amount} ${amount === 1 ? one : many}`;
}
