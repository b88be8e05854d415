import type { Distribution } from "./report.ts";

/** Mean, median, 95th percentile (nearest rank) and maximum; null of nothing. */
export function distributionOf(durationsMs: readonly number[]): Distribution | null {
  if (durationsMs.length === 0) return null;
  const sorted = durationsMs.toSorted((a, b) => a - b);
  const rank = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] as number;
  return {
    count: sorted.length,
    meanMs: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    p50Ms: rank(0.5),
    p95Ms: rank(0.95),
    maxMs: sorted.at(-1) as number,
  };
}
