import type { NodeView, PodView, Strategy } from "../strategy.ts";

/** Shares are counted in whole parts of this, so that sums are exact and ties are ties. */
const WHOLE = 2 ** 30;

/** The node with the largest share of cpu and memory free after placement, both counting the same. */
export const leastRequested: Strategy = {
  name: "least-requested",
  summary: "the node with the largest share of cpu and memory left",
  score: (pod, node) => freeParts(node) - askedParts(pod, node),
  // Among nodes of one size the pod takes the same share of each: their order does not depend on it.
  order: {
    by: "key",
    key: (node) => -freeParts(node),
    group: (node) => `${node.allocatable.cpu}/${node.allocatable.memory}`,
  },
  explain: (pod, node) => {
    const share = (freeParts(node) - askedParts(pod, node)) / (2 * WHOLE);
    return `${(share * 100).toFixed(1)} % of cpu and memory left`;
  },
};

function freeParts({ allocatable, requested }: NodeView): number {
  const cpu = parts((allocatable.cpu ?? 0) - (requested.cpu ?? 0), allocatable.cpu);
  return cpu + parts((allocatable.memory ?? 0) - (requested.memory ?? 0), allocatable.memory);
}

function askedParts({ requests }: PodView, { allocatable }: NodeView): number {
  return parts(requests.cpu ?? 0, allocatable.cpu) + parts(requests.memory ?? 0, allocatable.memory);
}

function parts(amount: number, of: number | undefined): number {
  return of === undefined || of <= 0 ? 0 : Math.floor((amount / of) * WHOLE);
}
