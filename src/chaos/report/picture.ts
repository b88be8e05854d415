import { formatDuration } from "../../lib/duration.ts";
import { escapeMarkup } from "./markup.ts";
import type { NodeState, Timeline } from "./report.ts";

const WIDTH = 900;
const NAME_WIDTH = 150;
const ROW = 16;
const AXIS = 22;
const LONGEST_NAME = 22;
/** A page with more rows helps nobody; the rest is counted. */
const MOST_ROWS = 200;
const CURVE_HEIGHT = 90;

const STATES: Readonly<Record<NodeState, string>> = {
  up: "up",
  unnoticed: "down, not noticed",
  down: "down",
  returning: "up again, not shown yet",
};

/** One row per node: what it was when. */
export function nodePicture(timeline: Timeline): string {
  const shown = timeline.nodes.slice(0, MOST_ROWS);
  if (shown.length === 0) return "";
  const x = scaleOf(timeline);
  const rows = shown.map(({ node, spans }, index) => {
    const y = index * ROW;
    const short = node.length > LONGEST_NAME ? `${node.slice(0, LONGEST_NAME - 1)}…` : node;
    const bars = spans.map(({ state, fromMs, toMs }) => {
      const title = `${node}: ${STATES[state]}, ${formatDuration(fromMs)} to ${formatDuration(toMs)}`;
      const place = `x="${x(fromMs)}" y="${y + 2}" width="${width(x(toMs) - x(fromMs))}" height="${ROW - 4}"`;
      return `<rect class="${state}" ${place}><title>${escapeMarkup(title)}</title></rect>`;
    });
    return `<text x="0" y="${y + ROW - 4}">${escapeMarkup(short)}</text>${bars.join("")}`;
  });
  const height = shown.length * ROW;
  const rest = timeline.nodes.length - shown.length;
  const legend = Object.entries(STATES).map(([state, text]) => `<span class="key ${state}"></span>${text}`);
  return [
    "<h2>Nodes</h2>",
    `<p class="legend">${legend.join("")}</p>`,
    svg(height + AXIS, "What each node was when", `${rows.join("\n")}\n${axis(timeline, height)}`),
    ...(rest > 0 ? [`<p class="fine">and ${rest} more nodes</p>`] : []),
  ].join("\n");
}

/** How many pods were wanted and how many truly ran. */
export function podPicture(timeline: Timeline): string {
  const most = Math.max(0, ...timeline.pods.map(({ desired, alive }) => Math.max(desired, alive)));
  if (most === 0) return "";
  const x = scaleOf(timeline);
  const y = (count: number) => round(CURVE_HEIGHT - (count / most) * (CURVE_HEIGHT - 10));
  const area = (count: (point: Timeline["pods"][number]) => number) => {
    const steps = timeline.pods.flatMap((point, index) => {
      const toMs = timeline.pods[index + 1]?.t ?? timeline.endMs;
      return [`${x(point.t)},${y(count(point))}`, `${x(toMs)},${y(count(point))}`];
    });
    const from = x(timeline.pods[0]?.t ?? 0);
    return `M${from},${CURVE_HEIGHT} L${steps.join(" ")} L${x(timeline.endMs)},${CURVE_HEIGHT} Z`;
  };
  const curves = [
    `<path class="wanted" d="${area(({ desired }) => desired)}"/>`,
    `<path class="up" d="${area(({ alive }) => alive)}"/>`,
    `<text x="0" y="20">${most} pods</text>`,
    axis(timeline, CURVE_HEIGHT),
  ];
  return `<h2>Pods that truly run</h2>\n${svg(CURVE_HEIGHT + AXIS, "Running pods over time", curves.join("\n"))}`;
}

function svg(height: number, label: string, content: string): string {
  const box = `viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeMarkup(label)}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${box}>\n${content}\n</svg>`;
}

function scaleOf({ startMs, endMs }: Timeline): (t: number) => number {
  const span = Math.max(1, endMs - startMs);
  return (t) => round(NAME_WIDTH + ((t - startMs) / span) * (WIDTH - NAME_WIDTH));
}

/** Start, quarters and end. */
function axis({ startMs, endMs }: Timeline, y: number): string {
  const x = scaleOf({ startMs, endMs, nodes: [], pods: [] });
  const marks = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const t = startMs + share * (endMs - startMs);
    const anchor = share === 0 ? "start" : share === 1 ? "end" : "middle";
    return `<text x="${x(t)}" y="${y + 16}" text-anchor="${anchor}">${formatDuration(t)}</text>`;
  });
  return `<line class="axis" x1="${NAME_WIDTH}" y1="${y}" x2="${WIDTH}" y2="${y}"/>${marks.join("")}`;
}

/** A hair is shown even for an instant. */
function width(pixels: number): number {
  return round(Math.max(0.5, pixels));
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
