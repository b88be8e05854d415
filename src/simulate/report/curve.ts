import type { SimulationResult, TimelinePoint } from "../result.ts";

/** So many points are drawn of a curve. */
const POINTS = 160;

/** Something over time: `values[i]` is the mean over the runs at `times[i]` seconds. */
export interface Curve {
  readonly name: string;
  readonly times: readonly number[];
  readonly values: readonly number[];
}

/** The mean of some runs over time. Each run holds a value until its next point, and the last one to the end. */
export function meanCurve(
  name: string,
  runs: readonly SimulationResult[],
  value: (point: TimelinePoint) => number,
): Curve {
  const endSeconds = Math.max(0, ...runs.map(({ simulatedSeconds }) => simulatedSeconds));
  const times = Array.from({ length: POINTS + 1 }, (_, index) => (endSeconds * index) / POINTS);
  const sums = times.map(() => 0);
  for (const { timeline } of runs) {
    let at = 0;
    for (const [index, seconds] of times.entries()) {
      while ((timeline[at + 1]?.atSeconds ?? Number.POSITIVE_INFINITY) <= seconds) at++;
      const point = timeline[at];
      if (point !== undefined) sums[index] = (sums[index] as number) + value(point);
    }
  }
  return { name, times, values: sums.map((sum) => sum / Math.max(1, runs.length)) };
}
