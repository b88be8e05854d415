import { escapeMarkup } from "../../chaos/report/markup.ts";
import { chart, colourOf } from "./charts.ts";

const WIDTH = 900;
const LEFT = 70;
const HEIGHT = 150;
const TOP = 18;

/** Bars side by side, one per strategy in every group of them, as shares 0 to 1 of a strategy's whole. */
export function barChart(
  title: string,
  groups: readonly string[],
  rows: readonly { readonly name: string; readonly shares: readonly number[] }[],
): string {
  const width = (WIDTH - LEFT) / groups.length;
  const bar = Math.min(28, (width - 16) / rows.length);
  const y = (share: number) => HEIGHT - share * (HEIGHT - TOP);
  const marks = [0, 0.5, 1].map((share) => {
    const line = `<line class="axis" x1="${LEFT}" y1="${y(share)}" x2="${WIDTH}" y2="${y(share)}"/>`;
    return `${line}<text x="${LEFT - 8}" y="${y(share) + 4}" text-anchor="end">${100 * share} %</text>`;
  });
  const labels = groups.map((label, at) => {
    const middle = LEFT + (at + 0.5) * width;
    return `<text x="${middle}" y="${HEIGHT + 17}" text-anchor="middle">${escapeMarkup(label)}</text>`;
  });
  const bars = rows.flatMap(({ name, shares }, index) =>
    shares.map((share, at) => {
      const x = LEFT + (at + 0.5) * width + (index - rows.length / 2) * bar;
      const place = `x="${x.toFixed(1)}" y="${y(share).toFixed(1)}" width="${(bar - 2).toFixed(1)}"`;
      const told = `${name}, ${groups[at]}: ${(100 * share).toFixed(1)} %`;
      const height = (share * (HEIGHT - TOP)).toFixed(1);
      const rectangle = `<rect class="bar ${colourOf(index)}" ${place} height="${height}">`;
      return `${rectangle}<title>${escapeMarkup(told)}</title></rect>`;
    }),
  );
  return chart(title, HEIGHT + 24, [...marks, ...labels, ...bars]);
}
