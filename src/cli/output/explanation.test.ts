import { expect, it } from "vitest";
import type { Pod } from "../../api/kinds/pod.ts";
import type { SchedulingDecision } from "../../api/kinds/scheduling-decision.ts";
import { explanation } from "./explanation.ts";

const AT = "2026-01-01T00:00:00Z";

function explained(pod: Partial<Pod>, decision: Partial<SchedulingDecision>): string {
  const whole = {
    metadata: { name: "web" },
    spec: { containers: [] },
    status: { phase: "Pending" },
    ...pod,
  } as unknown as Pod;
  const thought = {
    decidedAt: AT,
    strategy: "first-fit",
    attempts: 1,
    nodesTotal: 2,
    requests: { cpu: 1_000 },
    topScores: [],
    reasons: [],
    largestFree: [],
    message: "",
    ...decision,
  } as unknown as SchedulingDecision;
  return explanation(whole, thought, Date.parse(AT), (text) => text).join("\n");
}

it("says of a pod that has ended that it has", () => {
  const placed = { nodeName: "a", topScores: [{ nodeName: "a", score: 1, why: "number 1" }] };
  expect(explained({ status: { phase: "Succeeded" } as Pod["status"] }, placed)).toMatch(
    /^web was placed on a by first-fit\n[\s\S]*\n\nIt has ended since: Succeeded\.$/,
  );
  expect(explained({ status: { phase: "Running" } as Pod["status"] }, placed)).not.toContain("ended");
});

it("advises what to do about a taint that somebody has set, not about those of failed nodes", () => {
  const waits = (taint: string) =>
    explained({}, { reasons: [{ reason: `node(s) had untolerated taint {${taint}}`, nodes: 2 }] });
  expect(waits("dedicated: gpu")).toContain("Give it a toleration, or take the taint away");
  expect(waits("node.kubernetes.io/unreachable: ")).not.toContain("toleration");
  expect(waits("node.kubernetes.io/unreachable: ")).toContain("kubesim nodes revive --all");
});

it.each([
  ["node(s) didn't match pod anti-affinity rules", "may not stand beside pods that are there"],
  ["node(s) didn't satisfy existing pods anti-affinity rules", "may not stand beside pods that are there"],
  ["node(s) didn't match pod affinity rules", "are on no node that would take it"],
  ["node(s) didn't match pod topology spread constraints", "or raise maxSkew"],
  ["node(s) didn't match pod topology spread constraints (missing required label)", "label nodes NAME"],
  ["node(s) didn't have free ports for the requested pod ports", "another hostPort"],
  ["node(s) didn't match Pod's node affinity/selector", "No node has the labels that it asks for"],
])("advises on %s, and on nothing else", (reason, advice) => {
  const text = explained({}, { reasons: [{ reason, nodes: 2 }] });
  const lines = text.split("What to do:\n")[1]?.split("\n") ?? [];
  expect(lines[0]).toContain(advice);
  expect(lines).toHaveLength(2);
});

it("names the gates that hold a pod back", () => {
  const spec = {
    containers: [],
    schedulingGates: [{ name: "example.com/quota" }, { name: "example.com/data" }],
  };
  const text = explained({ spec } as unknown as Partial<Pod>, {});
  expect(text).toMatch(
    /^web waits behind its scheduling gates:\n {3}example.com\/quota\n {3}example.com\/data\n/,
  );
  expect(text).toContain("kubectl patch pod web -n default --type=json");
});

it("names the pods that make room", () => {
  const victims = ["default/low-1", "other/low-2"];
  const waiting = { status: { phase: "Pending", nominatedNodeName: "b" } } as unknown as Partial<Pod>;
  expect(explained(waiting, { victims })).toContain(
    "Room is being made on b by 2 pods of less priority\n   default/low-1\n   other/low-2\n",
  );
  expect(explained({}, { victims: ["default/low-1"], nodeName: "b" })).toContain(
    "Sent away for it: 1 pod of less priority\n   default/low-1\n",
  );
});
