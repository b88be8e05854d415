import { escapeMarkup } from "../../chaos/report/markup.ts";
import { formatDuration } from "../../lib/duration.ts";
import { estimate } from "../statistics/estimate.ts";
import type { Curve } from "./curve.ts";

const WIDTH = 900;
const LEFT = 70;
const RIGHT = 10;
const HEIGHT = 170;
const TOP = 10;
const AXIS = 24;
/** More strategies than colours share them. */
const COLOURS = 8;

/** The class that gives a strategy its colour in every chart. */
export function colourOf(index: number): string {
  return `c${index % COLOURS}`;
}

/** Which colour is which strategy. */
export function legend(names: readonly string[]): string {
  const keys = names.map(
    (name, index) => `<span class="key ${colourOf(index)}"></span>${escapeMarkup(name)}`,
  );
  return `<p class="legend">${keys.join("")}</p>`;
}

/** Curves over time, one per strategy, from zero up. */
export function lineChart(title: string, curves: readonly Curve[], text: (value: number) => string): string {
  const most = Math.max(...curves.flatMap(({ values }) => values));
  if (!(most > 0)) return "";
  const endSeconds = Math.max(...curves.flatMap(({ times }) => times));
  const x = (seconds: number) => round(LEFT + (seconds / Math.max(1, endSeconds)) * (WIDTH - LEFT - RIGHT));
  const y = (value: number) => round(HEIGHT - (value / most) * (HEIGHT - TOP));
  const lines = curves.map(({ name, times, values }, index) => {
    const points = times.map((seconds, at) => `${x(seconds)},${y(values[at] as number)}`);
    const path = `class="curve ${colourOf(index)}" d="M${points.join(" L")}"`;
    return `<path ${path}><title>${escapeMarkup(name)}</title></path>`;
  });
  const marks = [0, 0.5, 1].map((share) => {
    const at = y(share * most);
    const grid = `<line class="axis" x1="${LEFT}" y1="${at}" x2="${WIDTH - RIGHT}" y2="${at}"/>`;
    return `${grid}<text x="${LEFT - 8}" y="${at + 4}" text-anchor="end">${escapeMarkup(text(share * most))}</text>`;
  });
  const times = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const anchor = share === 0 ? "start" : share === 1 ? "end" : "middle";
    const place = `x="${x(share * endSeconds)}" y="${HEIGHT + 17}" text-anchor="${anchor}"`;
    return `<text ${place}>${formatDuration(1_000 * share * endSeconds)}</text>`;
  });
  return chart(title, HEIGHT + AXIS, [...marks, ...times, ...lines]);
}

const ROW = 34;
const NAMES = 150;

/** A dot per run; with several runs, the mean and its 95 % interval as a bar below. */
export function dotChart(
  title: string,
  rows: readonly { readonly name: string; readonly values: readonly number[] }[],
  text: (value: number) => string,
): string {
  const ends = rows.flatMap(({ values }) => {
    const found = estimate(values);
    const half = found?.halfWidth ?? 0;
    return found === null ? [] : [...values, found.mean - half, found.mean + half];
  });
  if (ends.length === 0) return "";
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const span = high - low || 1;
  const x = (value: number) => round(NAMES + 20 + ((value - low) / span) * (WIDTH - NAMES - 60));
  const lines = rows.map(({ name, values }, index) => {
    const middle = index * ROW + 14;
    const colour = colourOf(index);
    const dots = values.map(
      (value) => `<circle class="${colour} dot" cx="${x(value)}" cy="${middle - 4}" r="4"/>`,
    );
    const found = estimate(values);
    const half = found?.halfWidth ?? null;
    const bar =
      found === null || half === null
        ? ""
        : `<path class="curve ${colour}" d="M${x(found.mean - half)},${middle + 8} L${x(found.mean + half)},` +
          `${middle + 8} M${x(found.mean)},${middle + 3} L${x(found.mean)},${middle + 13}"/>`;
    return `<text x="0" y="${middle}">${escapeMarkup(shortened(name))}</text>${dots.join("")}${bar}`;
  });
  const bottom = rows.length * ROW;
  const marks = (low === high ? [low] : [low, (low + high) / 2, high]).map(
    (value) =>
      `<text x="${x(value)}" y="${bottom + 17}" text-anchor="middle">${escapeMarkup(text(value))}</text>`,
  );
  const line = `<line class="axis" x1="${NAMES}" y1="${bottom}" x2="${WIDTH}" y2="${bottom}"/>`;
  return chart(title, bottom + AXIS, [line, ...marks, ...lines]);
}

const LONGEST_NAME = 22;

function shortened(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
}

/** A titled drawing of this height, in the width of all. */
export function chart(title: string, height: number, parts: readonly string[]): string {
  const label = escapeMarkup(title);
  const box = `viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${label}"`;
  return `<h3>${label}</h3>\n<svg xmlns="http://www.w3.org/2000/svg" ${box}>\n${parts.join("\n")}\n</svg>`;
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
