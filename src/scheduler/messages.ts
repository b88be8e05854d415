/** The sentences of the real scheduler, letter for letter (framework/types.go, preemption.go). */
export const NO_NODES = "no nodes available to schedule pods";
export const SCHEDULING_GATED = "Scheduling is blocked due to non-empty scheduling gates";

export const NOT_HELPFUL = "Preemption is not helpful for scheduling";
export const NO_VICTIMS = "No preemption victims found for incoming pod";
export const NEVER = "not eligible due to preemptionPolicy=Never.";
export const TERMINATING = "not eligible due to a terminating pod on the nominated node.";

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
 * Why no node would do, and what preemption had to say to it.
 * @param preemption "" when it has found somebody to send away
 * @param upfront what rules out all nodes before any is asked
 */
export function unschedulableMessage(
  nodesTotal: number,
  reasons: readonly ReasonCount[],
  preemption: string,
  upfront?: string,
): string {
  if (nodesTotal === 0) return NO_NODES;
  const fit =
    upfront === undefined
      ? fitError(nodesTotal, reasons)
      : `0/${nodesTotal} nodes are available: ${upfront}.`;
  return preemption === "" ? fit : `${fit} preemption: ${preemption}`;
}

/** Reasons are sorted as strings, count included: `10 …` stands before `2 …`. */
export function fitError(nodesTotal: number, reasons: readonly ReasonCount[]): string {
  const texts = reasons.filter(({ nodes }) => nodes > 0).map(({ reason, nodes }) => `${nodes} ${reason}`);
  return `0/${nodesTotal} nodes are available: ${texts.sort().join(", ")}.`;
}
