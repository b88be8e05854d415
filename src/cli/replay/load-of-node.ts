import type { NodeRecord } from "../../chaos/ledger.ts";
import { isFinished } from "../../chaos/ledger-pod.ts";

/** What a node of a recording is doing at a time. */
export interface NodeLoad {
  readonly name: string;
  /** `Ready`, `NotReady`, `Starting`; with the fault that acts on it. */
  readonly state: string;
  readonly isUp: boolean;
  readonly isReady: boolean;
  /** CPU in milli, memory in bytes. */
  readonly cpu: Share;
  readonly memory: Share;
  /** Pods bound to it that have not ended. */
  readonly pods: number;
  readonly running: number;
}

export interface Share {
  readonly used: number;
  readonly total: number;
}

/** Reads a node's record. */
export function loadOf(node: NodeRecord): NodeLoad {
  const faults = [...node.faults.values()].map(({ fault }) => fault);
  const state = node.ready === undefined ? "Starting" : node.ready ? "Ready" : "NotReady";
  const bound = [...node.pods].filter((pod) => !isFinished(pod));
  return {
    name: node.name,
    state: [state, ...faults].join(", "),
    isUp: faults.length === 0,
    isReady: node.ready === true,
    cpu: shareOf(node, "cpu"),
    memory: shareOf(node, "memory"),
    pods: bound.length,
    running: bound.filter(({ phase }) => phase === "Running").length,
  };
}

/** `63%`, or `-` of nothing. */
export function percentText({ used, total }: Share): string {
  return total === 0 ? "-" : `${Math.round((100 * used) / total)}%`;
}

function shareOf(node: NodeRecord, resource: string): Share {
  return { used: node.used.get(resource) ?? 0, total: node.allocatable[resource] ?? 0 };
}
