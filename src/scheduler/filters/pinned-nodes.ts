import { type Filter, unresolvable } from "./filter.ts";

const REFUSAL = unresolvable("node(s) didn't satisfy plugin(s) [NodeAffinity]");

/**
 * What node affinity says before any node is looked at: terms that all name nodes by `metadata.name` rule out every
 * other node, and this reason stands before all others (PreFilter of NodeAffinity). Pods of DaemonSets are like that.
 */
export const pinnedNodes: Filter = {
  name: "NodeAffinity",
  check: (shape, node) => {
    const { pinnedTo } = shape.constraints;
    return pinnedTo === undefined || pinnedTo.has(node.name) ? undefined : REFUSAL;
  },
};
