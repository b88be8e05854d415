import { GPU_MILLI, gpuDemandOf } from "../../api/gpu.ts";
import type { Pod } from "../../api/kinds/pod.ts";
import type { SchedulingDecision } from "../../api/kinds/scheduling-decision.ts";
import { counted } from "../../lib/counted.ts";
import { formatAge } from "../../lib/duration.ts";
import { amountText, resourceOrder } from "../capacity.ts";
import { plainColumns } from "./plain-columns.ts";

type Bold = (text: string) => string;

/** Why a pod is where it is, or why it waits, as a person wants to read it. */
export function explanation(
  pod: Pod,
  decision: SchedulingDecision | undefined,
  now: number,
  bold: Bold,
): string[] {
  const { name } = pod.metadata;
  const gates = pod.spec.nodeName === undefined ? (pod.spec.schedulingGates ?? []) : [];
  if (gates.length > 0) return gatedLines(pod, gates, bold);
  if (decision === undefined) return withoutDecision(pod);
  const ageMs = now - Date.parse(decision.decidedAt);
  const tries = decision.attempts === 1 ? "at the first try" : `at try ${decision.attempts}`;
  const headline =
    decision.nodeName === undefined
      ? bold(`${name} waits: it fits on none of ${counted(decision.nodesTotal, "node")}`)
      : bold(`${name} was placed on ${decision.nodeName} by ${decision.strategy}`);
  const lines = [
    headline,
    `Decided ${formatAge(ageMs)} ago, ${tries}. It asks for ${requestsText(decision)}.`,
    "",
  ];
  lines.push(...victimLines(pod, decision, bold), ...consideredLines(decision, bold));
  if (decision.nodeName === undefined)
    lines.push(...roomLines(decision, bold), ...adviceLines(decision, bold));
  else lines.push(...scoreLines(decision, bold));
  if (pod.spec.nodeName !== undefined && pod.spec.nodeName !== decision.nodeName) {
    lines.push(`It is on ${pod.spec.nodeName} now.`, "");
  }
  const { phase } = pod.status;
  if (phase === "Succeeded" || phase === "Failed") lines.push(`It has ended since: ${phase}.`, "");
  return lines.slice(0, lines.at(-1) === "" ? -1 : undefined);
}

/** One line: where it went and why, or why it waits. */
export function decisionSentence(decision: SchedulingDecision): string {
  if (decision.nodeName === undefined) return withoutPreemption(decision.message);
  const best =
    decision.topScores.find((score) => score.nodeName === decision.nodeName) ?? decision.topScores[0];
  const of =
    decision.nodesFeasible === undefined
      ? ""
      : `, one of ${counted(decision.nodesFeasible, "node")} that fit`;
  return `${decision.strategy}${of}${best?.why === undefined ? "" : `: ${best.why}`}`;
}

/** `0/3 nodes are available: 3 Insufficient cpu.`, without what preemption could not do about it. */
export function withoutPreemption(message: string): string {
  return message.replace(/ preemption: .*$/s, "");
}

function withoutDecision(pod: Pod): string[] {
  const { name } = pod.metadata;
  const condition = pod.status.conditions?.find(({ type }) => type === "PodScheduled");
  if (pod.spec.nodeName !== undefined) {
    return [`${name} is on ${pod.spec.nodeName}.`, "How that was decided is not remembered any more."];
  }
  return [`${name} waits.`, condition?.message ?? "The scheduler has not tried it yet."];
}

/** A pod that is held back on purpose: by what, and how that ends. */
function gatedLines(pod: Pod, gates: readonly { readonly name: string }[], bold: Bold): string[] {
  const { name, namespace = "default" } = pod.metadata;
  const removal = `-p '[{"op":"remove","path":"/spec/schedulingGates"}]'`;
  return [
    bold(`${name} waits behind its scheduling ${gates.length === 1 ? "gate" : "gates"}:`),
    ...gates.map((gate) => `   ${gate.name}`),
    "No node is looked for until whoever put them there has taken all of them away.",
    "",
    bold("What to do:"),
    `   Take them away: kubectl patch pod ${name} -n ${namespace} --type=json ${removal}`,
  ];
}

/** Who had to make room, or is about to. */
function victimLines(pod: Pod, { victims = [], nodeName }: SchedulingDecision, bold: Bold): string[] {
  if (victims.length === 0) return [];
  const node = nodeName ?? pod.status.nominatedNodeName ?? "a node";
  const what = nodeName === undefined ? `Room is being made on ${node} by` : "Sent away for it:";
  const who = counted(victims.length, "pod");
  return [`${bold(what)} ${who} of less priority`, ...victims.map((victim) => `   ${victim}`), ""];
}

function requestsText(decision: SchedulingDecision): string {
  const asked = resourceOrder(Object.keys(decision.requests)).filter(
    (name) => (decision.requests[name] ?? 0) > 0,
  );
  if (asked.length === 0) return "nothing";
  return asked.map((name) => `${amountText(name, decision.requests[name] as number)} ${name}`).join(", ");
}

function consideredLines(decision: SchedulingDecision, bold: Bold): string[] {
  const { nodesTotal, nodesFeasible, reasons } = decision;
  const rows = reasons.map(({ reason, nodes }) => ["", String(nodes), reason.replace(/^\d+ /, "")]);
  const ruledOut = reasons.reduce((sum, { nodes }) => sum + nodes, 0);
  const feasible = nodesFeasible === undefined ? "" : `; ${nodesFeasible} fit`;
  const lines = [`${bold("Considered:")} ${counted(nodesTotal, "node")}${feasible}`];
  if (rows.length > 0) lines.push(`${bold("Ruled out:")} ${counted(Math.min(ruledOut, nodesTotal), "node")}`);
  if (rows.length > 0) lines.push(plainColumns(undefined, rows));
  return [...lines, ""];
}

function scoreLines(decision: SchedulingDecision, bold: Bold): string[] {
  if (decision.topScores.length === 0) return [];
  const rows = decision.topScores.map(({ nodeName, score, why }) => [
    "",
    nodeName === decision.nodeName ? bold(nodeName) : nodeName,
    why ?? `score ${Number(score.toFixed(3))}`,
  ]);
  return [bold("Best nodes:"), plainColumns(undefined, rows), ""];
}

function roomLines(decision: SchedulingDecision, bold: Bold): string[] {
  const rows = decision.largestFree.map(({ resource, nodeName, free }) => {
    const asked = decision.requests[resource] ?? 0;
    const verdict = free < asked ? "too little" : "enough";
    return [
      "",
      resource,
      `largest free is ${amountText(resource, free)} on ${nodeName}`,
      `you asked ${amountText(resource, asked)}`,
      verdict,
    ];
  });
  return rows.length === 0 ? [] : [bold("Room:"), plainColumns(undefined, rows), ""];
}

function adviceLines(decision: SchedulingDecision, bold: Bold): string[] {
  const advice: string[] = [];
  const short = decision.largestFree.filter(
    ({ resource, free }) => free < (decision.requests[resource] ?? 0),
  );
  const text = decision.reasons.map(({ reason }) => reason).join(" ");
  if (decision.nodesTotal === 0) advice.push("The cluster has no nodes: kubesim nodes add --cpu 4");
  else if (short.length > 0) {
    const needs = short
      .map(({ resource }) => `--${flagOf(resource)} ${askedText(decision, resource)}`)
      .join(" ");
    advice.push(`Add a node with room: kubesim nodes add ${needs}`);
  } else if (/Insufficient/.test(text)) {
    advice.push("No single node has enough of everything; add one, or ask for less");
  }
  if (/unschedulable/.test(text)) advice.push("Let pods onto cordoned nodes: kubesim nodes uncordon NAME");
  if (/unreachable|not-ready/.test(text)) advice.push("Bring failed nodes back: kubesim nodes revive --all");
  // Kubernetes' own taints come and go with the node's health.
  if (/untolerated taint \{(?!node\.kubernetes\.io)/.test(text))
    advice.push("Give it a toleration, or take the taint away: kubectl taint nodes NAME KEY-");
  if (/node affinity|selector/.test(text))
    advice.push("No node has the labels that it asks for: kubesim nodes list -o wide");
  advice.push(...neighbourAdvice(text));
  advice.push("It is tried again by itself whenever something changes that may help");
  return [bold("What to do:"), ...advice.map((line) => `   ${line}`), ""];
}

/** What helps a pod whose rules are about other pods, by the words of the filters that refuse it. */
function neighbourAdvice(reasons: string): string[] {
  const advice: string[] = [];
  if (/pods? anti-affinity/.test(reasons))
    advice.push("It may not stand beside pods that are there: add a node, or remove one of those pods");
  if (/pod affinity/.test(reasons))
    advice.push("The pods beside which it wants to stand are on no node that would take it");
  if (/spread constraints \(missing/.test(reasons))
    advice.push("It is spread by a label that nodes lack: kubectl label nodes NAME KEY=VALUE");
  if (/spread constraints(?! \(missing)/.test(reasons))
    advice.push("It would be spread too unevenly: make room where fewer of its kind are, or raise maxSkew");
  if (/free ports/.test(reasons))
    advice.push("The port of the node that it asks for is taken: add a node, or ask for another hostPort");
  return advice;
}

/** The flag of `nodes add` for a resource. */
function flagOf(resource: string): string {
  const flags: Readonly<Record<string, string>> = {
    memory: "memory",
    "nvidia.com/gpu": "gpu",
    [GPU_MILLI]: "shared-gpu",
  };
  return flags[resource] ?? "cpu";
}

function askedText(decision: SchedulingDecision, resource: string): string {
  if (resource === GPU_MILLI) return String(gpuDemandOf(decision.requests[resource] ?? 0)?.devices ?? 0);
  return amountText(resource, decision.requests[resource] ?? 0);
}
