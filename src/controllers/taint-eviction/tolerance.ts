import type { NodeTaint } from "../../api/kinds/node.ts";
import type { Toleration } from "../../api/kinds/pod.ts";
import { toleratesTaint } from "../../api/tolerations.ts";

/**
 * How long a pod may stay on a node with these NoExecute taints: milliseconds (0: not at all), or undefined for ever.
 * Every taint must be tolerated; the shortest of the tolerations that are used counts.
 */
export function toleratedMs(
  taints: readonly NodeTaint[],
  tolerations: readonly Toleration[] = [],
): number | undefined {
  let shortestMs: number | undefined;
  for (const taint of taints) {
    const toleration = tolerations.find((one) => toleratesTaint(one, taint));
    if (toleration === undefined) return 0;
    if (toleration.tolerationSeconds === undefined) continue;
    const ms = Math.max(0, toleration.tolerationSeconds * 1_000);
    shortestMs = Math.min(shortestMs ?? ms, ms);
  }
  return shortestMs;
}
