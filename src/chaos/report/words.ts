import { counted } from "../../lib/counted.ts";
import { formatDuration } from "../../lib/duration.ts";
import type { ChaosReport, CheckResult, Distribution, Invariant, Verdict } from "./report.ts";

/** One line of the report: what, how much, and what it means. All writers show the same lines. */
export interface Line {
  readonly name: string;
  readonly value: string;
  readonly note: string;
}

export interface Section {
  readonly title: string;
  readonly lines: readonly Line[];
}

const VERDICTS: Readonly<Record<Verdict, string>> = {
  "invariant-violated":
    "An invariant of kubesim was violated: this is a bug of kubesim, not of your workload.",
  failed: "The run could not be finished.",
  interrupted: "The run was interrupted; everything was healed.",
  aborted: "An abort condition ended the run; everything was healed.",
  deviated: "The steady state did not hold.",
  held: "The steady state held.",
  "dry-run": "Nothing was done: this was a dry run.",
};

/** The verdict in a sentence that needs no knowledge of chaos engineering. */
export function verdictInWords(report: ChaosReport): string {
  const { run, verdict, checks } = report;
  const warning = run.healed ? "" : " Faults are left: run kubesim chaos heal.";
  const nothingAsked = verdict === "held" && checks.length === 0;
  const sentence = nothingAsked ? "The run is over; no steady state was asked for." : VERDICTS[verdict];
  return `${run.reason === undefined ? sentence : because(sentence, run.reason)}${warning}`;
}

/** `It ended: why; all was healed.` of `It ended; all was healed.`. */
function because(sentence: string, reason: string): string {
  return sentence.replace(/(;.*)?\.$/, (end) => `: ${reason.replace(/\.$/, "")}${end}`);
}

/** What happened, in a few sentences for somebody who was not there. */
export function summaryInWords(report: ChaosReport): string {
  const { run, faults, availability, pods, serviceRecovery, timeline } = report;
  const nodes = timeline.nodes.length;
  const sentences = [
    `In ${formatDuration(run.chaosMs)}, ${counted(nodes, "node")} failed ${counted(faults.injected, "time")}.`,
    availability.nodes === null ? "" : `Nodes were up ${percent(availability.nodes)} of the time.`,
    availability.pods === null ? "" : `Pods were running ${percent(availability.pods)} of the time.`,
    pods.evictions === 0 ? "No pod had to move." : `${counted(pods.evictions, "pod eviction")} followed.`,
    serviceRecovery.recovered === null
      ? ""
      : `A moved pod ran again after ${milliseconds(serviceRecovery.recovered.meanMs)} on average.`,
  ];
  return sentences.filter((sentence) => sentence !== "").join(" ");
}

/** Every metric, in sections. */
export function sectionsOf(report: ChaosReport): readonly Section[] {
  return [
    { title: "Faults", lines: faultLines(report) },
    { title: "Detection and recovery", lines: recoveryLines(report) },
    { title: "Availability", lines: availabilityLines(report) },
    { title: "Pods", lines: podLines(report) },
    { title: "Steady state", lines: checkLines(report) },
    { title: "Invariants", lines: report.invariants.map(invariantLine) },
    { title: "Expected by the closed form", lines: expectationLines(report) },
  ].filter(({ lines }) => lines.length > 0);
}

function faultLines({ faults, run }: ChaosReport): Line[] {
  const kinds = Object.entries(faults.byKind).map(([kind, count]) => `${kind} ${count}`);
  const lines = [
    line("injected", String(faults.injected), kinds.join(", ")),
    line("recovered", String(faults.recovered), "by the dice"),
    line(
      "healed at the end",
      String(faults.healedAtEnd),
      run.healed ? "nothing is left" : "NOT all: some are left",
    ),
    line("detected", String(faults.detected), `${faults.undetected} were over before anybody noticed`),
  ];
  if (faults.whileNotReady > 0) {
    lines.push(line("while not ready", String(faults.whileNotReady), "hit nodes that had not come back yet"));
  }
  if (faults.heldBack > 0)
    lines.push(line("held back", String(faults.heldBack), "by --max-down or --min-up"));
  if (faults.healedElsewhere > 0) {
    lines.push(line("healed elsewhere", String(faults.healedElsewhere), "by somebody else"));
  }
  if (faults.foreign > 0) lines.push(line("by others", String(faults.foreign), "not of this run"));
  return lines;
}

function recoveryLines({ detection, serviceRecovery, nodeRecovery, falsePositives }: ChaosReport): Line[] {
  const between = nodeRecovery.meanTimeBetweenFailuresMs;
  return [
    line("MTTD", meanOf(detection), spreadOf(detection)),
    line(
      "MTTR service",
      meanOf(serviceRecovery.recovered),
      `${spreadOf(serviceRecovery.recovered)}; never: ${serviceRecovery.never}`,
    ),
    line(
      "MTTR node",
      meanOf(nodeRecovery.recovered),
      `${spreadOf(nodeRecovery.recovered)}; never: ${nodeRecovery.never}`,
    ),
    line("MTBF node", between === null ? "-" : milliseconds(between), "up node-time per failure"),
    line("false alarms", String(falsePositives), "NotReady while the node was up"),
  ];
}

function availabilityLines({ availability }: ChaosReport): Line[] {
  const { nodes, nodesObserved, gap, pods, podsObserved, capacity } = availability;
  const error = gap === null ? "" : `; the API's picture was ${points(gap)}`;
  return [
    line("nodes", percentOrNone(nodes), `true; the API showed ${percentOrNone(nodesObserved)}${error}`),
    line("pods", percentOrNone(pods), `truly running; the API showed ${percentOrNone(podsObserved)}`),
    line("capacity", percentOrNone(capacity), "allocatable CPU on nodes that were up"),
  ];
}

function podLines({ pods }: ChaosReport): Line[] {
  const most = pods.mostMoved === undefined ? "" : pods.mostMoved;
  return [
    line("evictions", String(pods.evictions), `${pods.reschedules} found a new node`),
    line("restarts", String(pods.restarts), "of containers"),
    line("most moves of a pod", String(pods.maxMoves), most),
    line(
      "unschedulable",
      milliseconds(pods.unschedulableMs),
      `longest ${milliseconds(pods.longestUnschedulableMs)}`,
    ),
  ];
}

function checkLines({ checks, resilienceScore }: ChaosReport): Line[] {
  if (resilienceScore === null) return checks.map(checkLine);
  return [...checks.map(checkLine), line("resilience score", resilienceScore.toFixed(1), "of 100")];
}

function checkLine(check: CheckResult): Line {
  const { condition, passes, failures, firstFailureMs, worstValue, burn } = check;
  const worst =
    worstValue === null ? "" : `, worst ${round(worstValue)}${condition.includes("%") ? " %" : ""}`;
  const first = firstFailureMs === null ? "" : `, first failure at ${milliseconds(firstFailureMs)}`;
  const burnt = burn > 0 ? `, violated ${percent(burn)} of the time` : "";
  return line(
    condition,
    check.held ? "held" : "deviated",
    `${passes} passed, ${failures} failed${first}${worst}${burnt}`,
  );
}

function invariantLine({ name, value, unit, summary, holds }: Invariant): Line {
  return line(name, holds ? "holds" : "VIOLATED", `${round(value)} ${unit}: ${summary}`);
}

function expectationLines({ expectation }: ChaosReport): Line[] {
  const { availability, failuresPerNode, recoveriesPerNode } = expectation;
  const z = (value: number | null) => (value === null ? "" : `, z = ${value.toFixed(2)}`);
  const seen = (value: number | null, digits: number) => (value === null ? "-" : value.toFixed(digits));
  const lines = [
    line(
      "availability",
      seen(availability.observed, 4),
      `expected ${availability.expected.toFixed(4)}${z(availability.z)}`,
    ),
    line(
      "failures per node",
      seen(failuresPerNode.observed, 3),
      `expected ${failuresPerNode.expected.toFixed(3)}${z(failuresPerNode.z)}`,
    ),
    line(
      "recoveries per node",
      seen(recoveriesPerNode.observed, 3),
      `expected ${recoveriesPerNode.expected.toFixed(3)}${z(recoveriesPerNode.z)}`,
    ),
    line("verdict", expectation.applies ? "compared" : "-", expectation.verdict),
  ];
  return lines;
}

/** `0.5551` as `55.5 %`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** A duration as the report says it. */
export function milliseconds(durationMs: number): string {
  return formatDuration(durationMs);
}

function percentOrNone(share: number | null): string {
  return share === null ? "-" : percent(share);
}

function points(gap: number): string {
  const size = `${Math.abs(100 * gap).toFixed(1)} points`;
  if (size === "0.0 points") return "right";
  return gap >= 0 ? `${size} too rosy` : `${size} too gloomy`;
}

function meanOf(distribution: Distribution | null): string {
  return distribution === null ? "-" : milliseconds(distribution.meanMs);
}

function spreadOf(distribution: Distribution | null): string {
  if (distribution === null) return "none measured";
  const { count, p50Ms, p95Ms, maxMs } = distribution;
  return `p50 ${milliseconds(p50Ms)}, p95 ${milliseconds(p95Ms)}, max ${milliseconds(maxMs)}, of ${count}`;
}

function round(value: number): string {
  return String(Number(value.toFixed(2)));
}

function line(name: string, value: string, note: string): Line {
  return { name, value, note };
}
