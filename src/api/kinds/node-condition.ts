import type { Condition } from "../meta.ts";
import type { Node } from "./node.ts";

/** The status of a condition, or undefined when the node does not have it. */
export function nodeCondition(node: Node, type: string): Condition | undefined {
  return node.status.conditions?.find((condition) => condition.type === type);
}
