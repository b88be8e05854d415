import { type ServerStatus, serverStatus } from "../../client/server-process.ts";
import type { StateDirectory } from "../../client/state-directory.ts";
import { formatAge } from "../../lib/duration.ts";
import type { CommandContext } from "../command.ts";
import { factLines } from "./description.ts";
import { printValue } from "./print.ts";

/** Prints what is known of a cluster's server: facts, or one value with -o json, jsonl, yaml. */
export async function printServerStatus(context: CommandContext, directory: StateDirectory): Promise<void> {
  const { io, globals, clock } = context;
  const status = await serverStatus(directory);
  if (globals.output === "name") return io.result(`server/${status.cluster}`);
  if (globals.output === "table" || globals.output === "wide") {
    for (const line of factLines(factsOf(status, directory, clock.now()))) io.result(line);
    return;
  }
  await printValue(context, jsonOf(status, directory));
}

function factsOf(status: ServerStatus, directory: StateDirectory, now: number): [string, string][] {
  const { record, running, pid } = status;
  const facts: [string, string][] = [
    ["Cluster:", status.cluster],
    ["Running:", running ? `yes, pid ${pid}` : "no"],
  ];
  if (record !== undefined && running) {
    facts.push(
      ["Address:", record.url],
      ["Up for:", formatAge(now - Date.parse(record.startedAt))],
      ["Version:", record.version],
    );
  }
  if (record?.stoppedAt !== undefined)
    facts.push(["Stopped:", `${formatAge(now - Date.parse(record.stoppedAt))} ago`]);
  facts.push(
    ["Store:", record?.store ?? "none yet"],
    ["Data:", whereData(status, directory)],
    ["State:", directory.path],
  );
  return facts;
}

function jsonOf(
  { cluster, running, pid, record, dataBytes }: ServerStatus,
  directory: StateDirectory,
): object {
  return {
    cluster,
    running,
    pid: running ? pid : null,
    url: running ? (record?.url ?? null) : null,
    startedAt: record?.startedAt ?? null,
    stoppedAt: record?.stoppedAt ?? null,
    version: record?.version ?? null,
    store: record?.store ?? null,
    dataDirectory: record?.dataDirectory ?? null,
    dataBytes,
    stateDirectory: directory.path,
    kubeconfig: directory.kubeconfig,
    log: directory.log,
  };
}

function whereData({ record, dataBytes }: ServerStatus, directory: StateDirectory): string {
  if (record?.store === "memory") return "in memory only";
  return `${mebibytes(dataBytes)} in ${record?.dataDirectory ?? directory.data}`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}
