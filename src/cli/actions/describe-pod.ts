import { events } from "../../api/kinds/event.ts";
import { type Pod, pods } from "../../api/kinds/pod.ts";
import { Annotation } from "../../api/well-known.ts";
import { amountText, requestsOf, resourceOrder } from "../capacity.ts";
import type { CommandContext, CommandRun } from "../command.ts";
import { withCluster } from "../connection.ts";
import { listAll } from "../list-all.ts";
import { conditionLines, eventLines, factLines } from "../output/description.ts";
import { plainColumns } from "../output/plain-columns.ts";
import { printObject } from "../output/print.ts";
import { requirePod } from "./require-nodes.ts";

export const run: CommandRun = (context, input) =>
  withCluster(context, async ({ objects }) => {
    const { io, globals, time } = context;
    const pod = await requirePod(objects, input.name as string, globals.namespace);
    if (globals.output !== "table" && globals.output !== "wide") return printObject(context, pods, pod);
    const about = `involvedObject.kind=Pod,involvedObject.name=${pod.metadata.name}`;
    const happened = await listAll(objects, events, { namespace: globals.namespace, fieldSelector: about });
    const bold = (text: string) => io.paint("bold", text);
    const lines = [
      ...factLines(facts(context, pod)),
      "",
      bold("Containers:"),
      plainColumns(["", "NAME", "STATE", "RESTARTS", "IMAGE"], containerRows(pod)),
      "",
      ...conditionLines(pod.status.conditions ?? [], time.now(), bold),
      ...eventLines(happened.items, time.now(), bold),
    ];
    for (const line of lines) io.result(line);
  });

function facts({ io }: CommandContext, pod: Pod): [string, string][] {
  const { metadata, spec, status } = pod;
  const requests = requestsOf(pod);
  const asked = resourceOrder(Object.keys(requests)).map(
    (name) => `${amountText(name, requests[name] as number)} ${name}`,
  );
  const pairs = (map: Readonly<Record<string, string>> | undefined) =>
    Object.entries(map ?? {})
      .map(([key, value]) => `${key}=${value}`)
      .join(", ") || "<none>";
  const facts: [string, string][] = [
    ["Name:", io.paint("bold", metadata.name)],
    ["Namespace:", metadata.namespace ?? ""],
    ["Status:", status.phase],
    ["Node:", spec.nodeName ?? "<none>"],
    ["Asks for:", asked.join(", ") || "nothing"],
    ["Priority:", String(spec.priority ?? 0)],
    ["Created:", metadata.creationTimestamp],
    ["Labels:", pairs(metadata.labels)],
  ];
  const moves = metadata.annotations?.[Annotation.moves];
  const duration = metadata.annotations?.[Annotation.duration];
  const devices = metadata.annotations?.[Annotation.gpuDevices];
  if (devices !== undefined) facts.push(["GPUs:", `${devices} (by index)`]);
  if (duration !== undefined) facts.push(["Runs for:", duration]);
  if (moves !== undefined)
    facts.push(["Moved:", `${moves} ${moves === "1" ? "time" : "times"} off lost nodes`]);
  if (spec.nodeSelector !== undefined) facts.push(["Node selector:", pairs(spec.nodeSelector)]);
  return facts;
}

/** In the order in which they start. */
function containerRows({ spec, status }: Pod): string[][] {
  const { initContainerStatuses = [], containerStatuses = [], ephemeralContainerStatuses = [] } = status;
  const statuses = [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses];
  return [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])].map(
    ({ name, image = "" }) => {
      const own = statuses.find((each) => each.name === name);
      const ended = own?.state.terminated?.reason ?? own?.state.waiting?.reason ?? "waiting";
      const text = own?.state.running === undefined ? ended : "running";
      return ["", name, text, String(own?.restartCount ?? 0), image];
    },
  );
}
