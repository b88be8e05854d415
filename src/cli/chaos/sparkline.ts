const BARS = "▁▂▃▄▅▆▇█";

/** The last values as bars, the highest of them at full height. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = values.slice(-width);
  const highest = Math.max(1, ...shown);
  return shown.map((value) => BARS[Math.round((value / highest) * (BARS.length - 1))]).join("");
}
