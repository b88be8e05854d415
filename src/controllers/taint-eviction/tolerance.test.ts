import { describe, expect, it } from "vitest";
import type { NodeTaint } from "../../api/kinds/node.ts";
import { toleratedMs } from "./tolerance.ts";

const unreachable: NodeTaint = { key: "node.kubernetes.io/unreachable", effect: "NoExecute" };
const custom: NodeTaint = { key: "team", value: "a", effect: "NoExecute" };

describe("how long a pod tolerates NoExecute taints", () => {
  it("not at all without a toleration", () => {
    expect(toleratedMs([unreachable], [])).toBe(0);
    expect(toleratedMs([unreachable], undefined)).toBe(0);
  });

  it("for ever with a toleration that names no time", () => {
    expect(toleratedMs([unreachable], [{ key: unreachable.key, operator: "Exists" }])).toBeUndefined();
    expect(toleratedMs([unreachable, custom], [{ operator: "Exists" }])).toBeUndefined();
  });

  it("for the shortest of the times that are used", () => {
    const tolerations = [
      { key: unreachable.key, operator: "Exists", tolerationSeconds: 300 },
      { key: "team", operator: "Equal", value: "a", tolerationSeconds: 20 },
      { key: "other", operator: "Exists", tolerationSeconds: 1 },
    ] as const;
    expect(toleratedMs([unreachable, custom], tolerations)).toBe(20_000);
    expect(toleratedMs([unreachable], tolerations)).toBe(300_000);
  });

  it("every taint has to be tolerated", () => {
    const tolerations = [{ key: unreachable.key, operator: "Exists", tolerationSeconds: 300 }] as const;
    expect(toleratedMs([unreachable, custom], tolerations)).toBe(0);
  });

  it("a time of zero or less is no time", () => {
    const toleration = { key: unreachable.key, operator: "Exists", tolerationSeconds: -5 } as const;
    expect(toleratedMs([unreachable], [toleration])).toBe(0);
  });

  it("compares effect, key and value", () => {
    expect(toleratedMs([custom], [{ key: "team", value: "b" }])).toBe(0);
    expect(toleratedMs([custom], [{ key: "team", value: "a" }])).toBeUndefined();
    expect(toleratedMs([custom], [{ key: "team", value: "a", effect: "NoSchedule" }])).toBe(0);
    // Validation lets nobody write this; Kubernetes compares it so.
    expect(toleratedMs([custom], [{ value: "a", operator: "Equal" }])).toBeUndefined();
    expect(toleratedMs([custom], [{ value: "b", operator: "Equal" }])).toBe(0);
  });
});
