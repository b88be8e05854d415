import { type Filter, unresolvable } from "./filter.ts";

const REFUSAL = unresolvable("node(s) didn't match the requested node name");

/** A pod that names its node runs there or nowhere. */
export const nodeName: Filter = {
  name: "NodeName",
  check: (shape, node) => {
    const wanted = shape.constraints.nodeName;
    return wanted === undefined || wanted === node.name ? undefined : REFUSAL;
  },
};
