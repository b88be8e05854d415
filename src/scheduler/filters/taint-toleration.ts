import type { NodeTaint } from "../../api/kinds/node.ts";
import { tolerates } from "../../api/tolerations.ts";
import { type Filter, type Refusal, unresolvable } from "./filter.ts";

/** Refusals by taint: nodes share few taints, and a refusal is asked for on every node. */
const refusals = new WeakMap<NodeTaint, Refusal>();

/** Taints with effect NoSchedule or NoExecute keep away pods that do not tolerate them; the first one is named. */
export const taintToleration: Filter = {
  name: "TaintToleration",
  check: (shape, node) => {
    for (const taint of node.taints) {
      if (taint.effect === "PreferNoSchedule") continue;
      if (!tolerates(shape.constraints.tolerations, taint)) return refusalOf(taint);
    }
    return undefined;
  },
};

function refusalOf(taint: NodeTaint): Refusal {
  let refusal = refusals.get(taint);
  if (refusal === undefined) {
    refusal = unresolvable(`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ""}}`);
    refusals.set(taint, refusal);
  }
  return refusal;
}
