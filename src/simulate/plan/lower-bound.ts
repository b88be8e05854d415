/** Amounts by resource, in scheduler units. */
type Amounts = Readonly<Record<string, number>>;

/** Fewer nodes than this cannot hold the pods, whoever places them; `resource` is the one that says so. */
export interface LowerBound {
  readonly nodes: number;
  readonly resource: string;
}

/**
 * The best of two bounds per resource: what is asked for in all, divided by a node and rounded up; and Martello and
 * Toth's L2, which knows that two pods of more than half a node cannot share one.
 */
export function lowerBound(pods: readonly Amounts[], node: Amounts): LowerBound {
  let best: LowerBound = { nodes: pods.length > 0 ? 1 : 0, resource: "pods" };
  for (const [resource, capacity] of Object.entries(node)) {
    const sizes = pods
      .map((pod) => (resource === "pods" ? 1 : (pod[resource] ?? 0)))
      .filter((size) => size > 0);
    if (sizes.length === 0 || capacity <= 0) continue;
    const nodes = martelloToth(sizes, capacity);
    if (nodes > best.nodes) best = { nodes, resource };
  }
  return best;
}

/**
 * L2: for every threshold, items that leave less than it beside them are alone (`huge`), those of more than half share
 * with nobody of their kind (`large`), and those from the threshold to half (`medium`) fill what the large ones leave.
 */
function martelloToth(sizes: readonly number[], capacity: number): number {
  const sorted = Float64Array.from(sizes).sort();
  const sums = new Float64Array(sorted.length + 1);
  for (let at = 0; at < sorted.length; at++) sums[at + 1] = (sums[at] as number) + (sorted[at] as number);
  const half = firstAbove(sorted, capacity / 2);
  let best = Math.ceil((sums[sorted.length] as number) / capacity);
  let last = Number.NaN;
  for (let at = 0; at < half; at++) {
    const threshold = sorted[at] as number;
    if (threshold === last) continue;
    last = threshold;
    const hugeFrom = Math.max(half, firstAbove(sorted, capacity - threshold));
    const large = hugeFrom - half;
    const largeSum = (sums[hugeFrom] as number) - (sums[half] as number);
    const mediumSum = (sums[half] as number) - (sums[at] as number);
    const rest = Math.max(0, Math.ceil((mediumSum - (large * capacity - largeSum)) / capacity));
    best = Math.max(best, sorted.length - hugeFrom + large + rest);
  }
  return Math.max(best, sorted.length - half);
}

/** The first index whose value is above the limit. */
function firstAbove(sorted: Float64Array, limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}
