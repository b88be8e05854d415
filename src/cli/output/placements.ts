import type { Pod } from "../../api/kinds/pod.ts";
import type { Objects } from "../../api/objects.ts";
import { counted } from "../../lib/counted.ts";
import { decisionOf } from "../actions/explain-pod.ts";
import type { CommandContext } from "../command.ts";
import { decisionSentence, withoutPreemption } from "./explanation.ts";
import { plainColumns } from "./plain-columns.ts";

/** More pods than this are summed up by node and by reason. */
const MOST_LINES = 20;
const MOST_NODES = 10;

/** `pod/web created   node-1   first-fit, …`: where each launched pod went and why, or why it waits. */
export async function printPlacements(
  context: CommandContext,
  objects: Objects,
  pods: readonly Pod[],
): Promise<void> {
  const { io } = context;
  if (pods.length > MOST_LINES) {
    for (const line of summary(pods)) io.result(line);
  } else {
    const rows = await Promise.all(pods.map((pod) => placementRow(objects, pod)));
    io.result(plainColumns(undefined, rows));
  }
  const waiting = pods.find((pod) => pod.spec.nodeName === undefined);
  if (waiting !== undefined) {
    io.note(io.paint("dim", `More about it: kubesim explain pod ${waiting.metadata.name}`, "stderr"));
  }
}

async function placementRow(objects: Objects, pod: Pod): Promise<readonly string[]> {
  const created = `pod/${pod.metadata.name} created`;
  const decision = await decisionOf(objects, pod);
  if (pod.spec.nodeName !== undefined) {
    const placed = decision?.nodeName === pod.spec.nodeName;
    return [created, pod.spec.nodeName, placed ? decisionSentence(decision) : ""];
  }
  return [created, "waits", decision === undefined ? unscheduledMessage(pod) : decisionSentence(decision)];
}

function summary(pods: readonly Pod[]): string[] {
  const placed = pods.filter((pod) => pod.spec.nodeName !== undefined);
  const waiting = pods.filter((pod) => pod.spec.nodeName === undefined);
  const nodes = countBy(placed, (pod) => pod.spec.nodeName as string);
  const lines = [
    `${pods.length} pods created: ${pods[0]?.metadata.name} … ${pods.at(-1)?.metadata.name}`,
    `${placed.length} placed on ${counted(nodes.length, "node")}, ${waiting.length} wait`,
  ];
  for (const [node, count] of nodes.slice(0, MOST_NODES)) lines.push(`   ${node}: ${count}`);
  if (nodes.length > MOST_NODES) lines.push(`   and ${nodes.length - MOST_NODES} more nodes`);
  for (const [reason, count] of countBy(waiting, unscheduledMessage))
    lines.push(`   waiting: ${count} (${reason})`);
  return lines;
}

/** Most frequent first. */
function countBy(pods: readonly Pod[], key: (pod: Pod) => string): [string, number][] {
  const counts = new Map<string, number>();
  for (const pod of pods) counts.set(key(pod), (counts.get(key(pod)) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

function unscheduledMessage(pod: Pod): string {
  const condition = pod.status.conditions?.find(({ type }) => type === "PodScheduled");
  return withoutPreemption(condition?.message ?? "not tried yet");
}
