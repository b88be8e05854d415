import { matchesTerm } from "../../api/node-selector.ts";
import { type Filter, unresolvable } from "./filter.ts";

const REFUSAL = unresolvable("node(s) didn't match Pod's node affinity/selector");

/** nodeSelector and required node affinity: every label of the selector, and one of the terms. */
export const nodeAffinity: Filter = {
  name: "NodeAffinity",
  check: (shape, node) => {
    const { nodeSelector, nodeTerms } = shape.constraints;
    if (nodeSelector !== undefined) {
      for (const key of Object.keys(nodeSelector)) {
        if (!Object.hasOwn(node.labels, key) || node.labels[key] !== nodeSelector[key]) return REFUSAL;
      }
    }
    if (nodeTerms === undefined) return undefined;
    return nodeTerms.some((term) => matchesTerm(term, node)) ? undefined : REFUSAL;
  },
};
