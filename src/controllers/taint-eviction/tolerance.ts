import type { NodeTaint } from "../../api/kinds/node.ts";
import type { Toleration } from "../../api/kinds/pod.ts";

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
    const toleration = tolerations.find((one) => tolerates(one, taint));
    if (toleration === undefined) return 0;
    if (toleration.tolerationSeconds === undefined) continue;
    const ms = Math.max(0, toleration.tolerationSeconds * 1_000);
    shortestMs = Math.min(shortestMs ?? ms, ms);
  }
  return shortestMs;
}

/** v1.Toleration.ToleratesTaint: what is left empty matches everything. */
export function tolerates(toleration: Toleration, taint: NodeTaint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  if (toleration.operator === "Exists") return true;
  return Boolean(toleration.key) && (toleration.value ?? "") === (taint.value ?? "");
}
