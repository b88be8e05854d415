import type { NodeSpec } from "../cache/node-entry.ts";
import { type Constraints, podShape } from "../cache/pod-shape.ts";
import type { PlaceablePod } from "./pod.ts";

/** A node for tests: ready, without labels and taints, created in the order of names unless told otherwise. */
export function nodeSpec(
  name: string,
  allocatable: Readonly<Record<string, number>>,
  rest: Partial<NodeSpec> = {},
): NodeSpec {
  return { name, order: name, labels: {}, taints: [], unschedulable: false, allocatable, ...rest };
}

/** A pod for tests. */
export function placeablePod(
  name: string,
  requests: Readonly<Record<string, number>>,
  constraints?: Constraints,
): PlaceablePod {
  const shape = podShape(requests, constraints);
  return {
    namespace: "default",
    name,
    labels: {},
    priority: 0,
    requests: shape.requests,
    nonZeroRequests: shape.nonZeroRequests,
    spec: {},
    shape,
  };
}
