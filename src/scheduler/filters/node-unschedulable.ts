import { tolerates } from "../../api/tolerations.ts";
import { Taint } from "../../api/well-known.ts";
import { type Filter, unresolvable } from "./filter.ts";

const REFUSAL = unresolvable("node(s) were unschedulable");
const CORDON = { key: Taint.unschedulable, effect: "NoSchedule" } as const;

/** Cordoned nodes take no pods, but those that tolerate the taint of a cordon. */
export const nodeUnschedulable: Filter = {
  name: "NodeUnschedulable",
  check: (shape, node) =>
    node.unschedulable && !tolerates(shape.constraints.tolerations, CORDON) ? REFUSAL : undefined,
};
