import type { NodeSpec } from "../cache/node-entry.ts";
import { type Constraints, type PodShape, podShape } from "../cache/pod-shape.ts";
import type { Tenant } from "../cache/tenant.ts";
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
    ...(shape.gpu && { gpu: shape.gpu }),
    spec: {},
    shape,
  };
}

/** A pod that takes room, for tests. */
export function tenant(uid: string, shape: PodShape, rest: Partial<Tenant> = {}): Tenant {
  return { uid, namespace: "default", name: uid, labels: {}, priority: 0, shape, ...rest };
}
