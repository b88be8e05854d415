/** The sentences of the real scheduler, letter for letter (framework/types.go, preemption.go). */
export const NO_NODES = "no nodes available to schedule pods";
export const SCHEDULING_GATED = "Scheduling is blocked due to non-empty scheduling gates";

const NOT_HELPFUL = "Preemption is not helpful for scheduling";
const NO_VICTIMS = "No preemption victims found for incoming pod";
const NEVER = "not eligible due to preemptionPolicy=Never.";

/** How many nodes gave a reason. */
export interface ReasonCount {
  readonly reason: string;
  readonly nodes: number;
}

/** Message of the event `Scheduled`. */
export function assignedMessage(namespace: string, name: string, nodeName: string): string {
  return `Successfully assigned ${namespace}/${name} to ${nodeName}`;
}

/**
 * Why no node would do, and what preemption had to say to it: on the nodes where room is all that is missing there
 * was nobody to push out, on the others it would not have helped.
 * @param unresolvableNodes nodes where more room would not help
 */
export function unschedulableMessage(
  nodesTotal: number,
  reasons: readonly ReasonCount[],
  unresolvableNodes: number,
  mayPreempt: boolean,
): string {
  if (nodesTotal === 0) return NO_NODES;
  const preemption = mayPreempt
    ? fitError(nodesTotal, [
        { reason: NOT_HELPFUL, nodes: unresolvableNodes },
        { reason: NO_VICTIMS, nodes: nodesTotal - unresolvableNodes },
      ])
    : NEVER;
  return `${fitError(nodesTotal, reasons)} preemption: ${preemption}`;
}

/** Reasons are sorted as strings, count included: `10 …` stands before `2 …`. */
function fitError(nodesTotal: number, reasons: readonly ReasonCount[]): string {
  const texts = reasons.filter(({ nodes }) => nodes > 0).map(({ reason, nodes }) => `${nodes} ${reason}`);
  return `0/${nodesTotal} nodes are available: ${texts.sort().join(", ")}.`;
}
