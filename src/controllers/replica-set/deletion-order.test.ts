import { expect, it } from "vitest";
import type { Pod } from "../../api/kinds/pod.ts";
import { countByNode, inDeletionOrder } from "./deletion-order.ts";

const NOW = Date.parse("2025-01-01T10:00:00Z");

interface Options {
  readonly node?: string;
  readonly phase?: string;
  readonly readySince?: string;
  readonly cost?: string;
  readonly restarts?: number;
  readonly created?: string;
}

function pod(name: string, options: Options): Pod {
  const {
    node,
    phase = "Running",
    readySince,
    cost,
    restarts = 0,
    created = "2025-01-01T00:00:00Z",
  } = options;
  return {
    metadata: {
      name,
      uid: name,
      creationTimestamp: created,
      ...(cost && { annotations: { "controller.kubernetes.io/pod-deletion-cost": cost } }),
    },
    spec: { containers: [], ...(node && { nodeName: node }) },
    status: {
      phase,
      containerStatuses: [{ restartCount: restarts }],
      ...(readySince && { conditions: [{ type: "Ready", status: "True", lastTransitionTime: readySince }] }),
    },
  } as unknown as Pod;
}

it("takes first what is missed least", () => {
  const ready = "2025-01-01T01:00:00Z";
  const pods = [
    pod("steady", { node: "a", readySince: ready }),
    pod("restarted", { node: "a", readySince: ready, restarts: 2 }),
    pod("just-ready", { node: "a", readySince: "2025-01-01T09:59:00Z" }),
    pod("crowded", { node: "b", readySince: ready }),
    pod("cheap", { node: "a", readySince: ready, cost: "-5" }),
    pod("unready", { node: "a" }),
    pod("pending", { node: "a", phase: "Pending" }),
    pod("unplaced", { phase: "Pending" }),
  ];
  const neighbours = new Map([
    ["a", 1],
    ["b", 2],
  ]);
  const order = inDeletionOrder(pods, neighbours, NOW).map(({ metadata }) => metadata.name);
  // "crowded" comes before any other ready pod of the same cost; age matters by its magnitude.
  expect(order).toEqual([
    "unplaced",
    "pending",
    "unready",
    "cheap",
    "crowded",
    "just-ready",
    "restarted",
    "steady",
  ]);
});

it("tells young from old by magnitude only", () => {
  const pods = [
    pod("b", { node: "a", created: "2025-01-01T00:10:00Z" }),
    pod("a", { node: "a", created: "2025-01-01T00:00:00Z" }),
    pod("young", { node: "a", created: "2025-01-01T09:00:00Z" }),
  ];
  const order = inDeletionOrder(pods, countByNode(pods), NOW).map(({ metadata }) => metadata.name);
  expect(order).toEqual(["young", "a", "b"]);
});
