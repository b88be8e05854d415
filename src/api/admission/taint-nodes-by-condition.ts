import { isNodeReady, type Node, nodes } from "../kinds/node.ts";
import { Taint } from "../well-known.ts";
import type { Admission } from "./admission.ts";

/**
 * A node that has not said that it is ready starts with the not-ready taint, so that no pod is bound to it before its
 * kubelet is there; the node-health controller takes the taint away.
 */
export const taintNodesByCondition: Admission = {
  name: "TaintNodesByCondition",
  kinds: [nodes.schema],
  admit(object) {
    const node = object as Node;
    const taints = node.spec.taints ?? [];
    const isTainted = taints.some(({ key, effect }) => key === Taint.notReady && effect === "NoSchedule");
    if (isTainted || isNodeReady(node)) return node;
    const spec = { ...node.spec, taints: [...taints, { key: Taint.notReady, effect: "NoSchedule" }] };
    return { ...node, spec } as Node;
  },
};
