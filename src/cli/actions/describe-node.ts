import { DEVICE_MILLI } from "../../api/gpu.ts";
import { events } from "../../api/kinds/event.ts";
import { type Node, nodes } from "../../api/kinds/node.ts";
import { nodeFaults } from "../../api/kinds/node-fault.ts";
import type { Pod } from "../../api/kinds/pod.ts";
import { amountText, gpusLeft, requestsOf, resourceOrder, type Use, useByNode } from "../capacity.ts";
import type { CommandContext, CommandRun } from "../command.ts";
import { withCluster } from "../connection.ts";
import { listAll } from "../list-all.ts";
import { conditionLines, eventLines, factLines } from "../output/description.ts";
import { plainColumns } from "../output/plain-columns.ts";
import { printObject } from "../output/print.ts";
import { podsOn } from "./remove-nodes.ts";
import { requireNodes } from "./require-nodes.ts";

export const run: CommandRun = (context, input) =>
  withCluster(context, async ({ objects }) => {
    const { io, globals, time } = context;
    const node = (await requireNodes(objects, [input.name as string]))[0] as Node;
    if (globals.output !== "table" && globals.output !== "wide") return printObject(context, nodes, node);
    const name = node.metadata.name;
    const [pods, faults, happened] = await Promise.all([
      podsOn(objects, name),
      listAll(objects, nodeFaults, { fieldSelector: `spec.nodeName=${name}` }),
      listAll(objects, events, { fieldSelector: `involvedObject.kind=Node,involvedObject.name=${name}` }),
    ]);
    const use = useByNode([node], pods).get(name) as Use;
    const podRows = pods.map((pod) => {
      const { cpu = 0, memory = 0 } = requestsOf(pod);
      const { namespace = "", name } = pod.metadata;
      return ["", namespace, name, pod.status.phase, amountText("cpu", cpu), amountText("memory", memory)];
    });
    const bold = (text: string) => io.paint("bold", text);
    const lines = [
      ...factLines(
        facts(
          context,
          node,
          faults.items.map((fault) => fault.spec.fault),
        ),
      ),
      "",
      bold("Capacity:"),
      plainColumns(["", "RESOURCE", "USED", "FREE", "TOTAL"], useRows(use)),
      ...gpuLines(node, pods),
      "",
      ...conditionLines(node.status.conditions ?? [], time.now(), bold),
      bold(`Pods: ${pods.length}`),
    ];
    if (podRows.length > 0) {
      lines.push(plainColumns(["", "NAMESPACE", "NAME", "STATUS", "CPU", "MEMORY"], podRows));
    }
    lines.push("", ...eventLines(happened.items, time.now(), bold));
    for (const line of lines) io.result(line);
  });

function facts({ io }: CommandContext, node: Node, faults: readonly string[]): [string, string][] {
  const { metadata, spec } = node;
  const labels = Object.entries(metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  const taints = (spec.taints ?? []).map(({ key, value, effect }) =>
    value === undefined || value === "" ? `${key}:${effect}` : `${key}=${value}:${effect}`,
  );
  return [
    ["Name:", io.paint("bold", metadata.name)],
    ["Created:", metadata.creationTimestamp],
    ["Labels:", labels.join(", ") || "<none>"],
    ["Taints:", taints.join(", ") || "<none>"],
    ["Cordoned:", spec.unschedulable === true ? "yes" : "no"],
    ["Faults:", faults.join(", ") || "<none>"],
  ];
}

/** What each of the shared GPUs has left, which their sum does not tell. */
function gpuLines(node: Node, pods: readonly Pod[]): string[] {
  const left = gpusLeft(node, pods);
  if (left.length === 0) return [];
  const rows = left.map((milli, device) => ["", `gpu ${device}`, `${milli} of ${DEVICE_MILLI} left`]);
  return [plainColumns(undefined, rows)];
}

function useRows(use: Use): string[][] {
  return resourceOrder(Object.keys(use.allocatable)).map((name) => {
    const total = use.allocatable[name] ?? 0;
    const used = name === "pods" ? use.pods : (use.requested[name] ?? 0);
    return ["", name, amountText(name, used), amountText(name, total - used), amountText(name, total)];
  });
}
