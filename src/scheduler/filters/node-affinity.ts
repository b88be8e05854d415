import { matchesTerm } from "../../api/node-selector.ts";
import type { PodShape } from "../cache/pod-shape.ts";
import type { NodeView } from "../strategy.ts";
import { type Filter, unresolvable } from "./filter.ts";

const REFUSAL = unresolvable("node(s) didn't match Pod's node affinity/selector");

/** nodeSelector and required node affinity: every label of the selector, and one of the terms. */
export const nodeAffinity: Filter = {
  name: "NodeAffinity",
  check: (shape, node) => (meetsSelectors(shape, node) ? undefined : REFUSAL),
};

/** True when the node is what the pod's selector and terms ask for. */
export function meetsSelectors({ constraints }: PodShape, node: Pick<NodeView, "name" | "labels">): boolean {
  const { nodeSelector, nodeTerms } = constraints;
  if (nodeSelector !== undefined) {
    for (const key of Object.keys(nodeSelector)) {
      if (!Object.hasOwn(node.labels, key) || node.labels[key] !== nodeSelector[key]) return false;
    }
  }
  return nodeTerms === undefined || nodeTerms.some((term) => matchesTerm(term, node));
}
