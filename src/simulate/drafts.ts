import { withMachineLabels } from "../api/kinds/machine-labels.ts";
import type { Node } from "../api/kinds/node.ts";
import type { Pod } from "../api/kinds/pod.ts";
import type { Draft } from "../api/meta.ts";
import type { Shape } from "./shape.ts";

/** Pods that a node takes unless its shape says otherwise, as a kubelet does. */
const PODS_PER_NODE = "110";

/** A node of a shape. */
export function nodeDraft(name: string, shape: Shape): Draft<Node> {
  const capacity = { pods: PODS_PER_NODE, ...shape };
  return withMachineLabels({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name },
    spec: {},
    status: { capacity, allocatable: capacity },
  });
}

/** A bare pod of a shape that runs for ever. */
export function podDraft(name: string, shape: Shape): Draft<Pod> {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: { containers: [{ name: "main", image: "pause", resources: { requests: shape } }] },
    status: { phase: "Pending" },
  };
}
