import { describe, expect, it } from "vitest";
import type { Node, NodeTaint } from "../../api/kinds/node.ts";
import type { Condition } from "../../api/meta.ts";
import { withTaints } from "./taints.ts";

const NOW = "2025-01-01T00:00:00Z";
const metadata = { name: "n", uid: "u", resourceVersion: "1", creationTimestamp: NOW };

function node(
  conditions: Readonly<Record<string, Condition["status"]>>,
  taints: readonly NodeTaint[] = [],
): Node {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata,
    spec: { taints },
    status: { conditions: Object.entries(conditions).map(([type, status]) => ({ type, status })) },
  };
}

function taintsOf(before: Node, evicts: boolean): readonly string[] {
  const { taints = [] } = withTaints(before, evicts, NOW).spec;
  return taints.map(({ key, effect }) => `${key.replace("node.kubernetes.io/", "")}:${effect}`);
}

const notReady = "node.kubernetes.io/not-ready";
const unreachable = "node.kubernetes.io/unreachable";

describe("taints follow the node's state", () => {
  it.each([
    [{ Ready: "True" }, true, []],
    [{ Ready: "Unknown" }, true, ["unreachable:NoSchedule", "unreachable:NoExecute"]],
    [{ Ready: "Unknown" }, false, ["unreachable:NoSchedule"]],
    [{ Ready: "False" }, true, ["not-ready:NoSchedule", "not-ready:NoExecute"]],
    [{ Ready: "True", DiskPressure: "True" }, true, ["disk-pressure:NoSchedule"]],
    [{ Ready: "True", NetworkUnavailable: "True" }, true, ["network-unavailable:NoSchedule"]],
  ] as const)("%o, evicting %s: %o", (conditions, evicts, expected) => {
    expect(taintsOf(node(conditions), evicts)).toEqual(expected);
  });

  it("swaps not-ready for unreachable at once", () => {
    const before = node({ Ready: "Unknown" }, [
      { key: notReady, effect: "NoSchedule" },
      { key: notReady, effect: "NoExecute" },
    ]);
    expect(taintsOf(before, true)).toEqual(["unreachable:NoSchedule", "unreachable:NoExecute"]);
  });

  it("takes its taints away when the node is ready, and leaves those of users alone", () => {
    const before = node({ Ready: "True" }, [
      { key: "team", value: "a", effect: "NoExecute" },
      { key: unreachable, effect: "NoSchedule" },
      { key: unreachable, effect: "NoExecute" },
    ]);
    expect(taintsOf(before, true)).toEqual(["team:NoExecute"]);
  });

  it("a node that has not spoken yet keeps the taint that it was created with", () => {
    const before = node({}, [{ key: notReady, effect: "NoSchedule" }]);
    expect(withTaints(before, true, NOW)).toBe(before);
  });

  it("a node whose taints are right is left alone", () => {
    const before = node({ Ready: "Unknown" }, [{ key: unreachable, effect: "NoSchedule" }]);
    expect(withTaints(before, false, NOW)).toBe(before);
  });
});
