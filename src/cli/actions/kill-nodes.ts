import { isReason } from "../../api/errors.ts";
import { CLUSTER_SETTINGS_NAME, clusterSettings, timingProfileOf } from "../../api/kinds/cluster-settings.ts";
import { type NodeFault, nodeFaults } from "../../api/kinds/node-fault.ts";
import type { Objects } from "../../api/objects.ts";
import { formatDuration } from "../../lib/duration.ts";
import type { CommandRun } from "../command.ts";
import { withCluster } from "../connection.ts";
import { printObjects } from "../output/print.ts";
import { requireNodes } from "./require-nodes.ts";

export const run: CommandRun = (context, input) =>
  withCluster(context, async ({ objects }) => {
    const { io, globals } = context;
    const fault = `node-${input.fault as string}`;
    const targets = await requireNodes(objects, input.name as readonly string[]);
    const made: NodeFault[] = [];
    for (const { metadata } of targets) {
      const created = await hurt(objects, metadata.name, fault);
      if (created === undefined) io.note(`${metadata.name} has this fault already`);
      else made.push(created);
    }
    if (globals.output !== "table") return printObjects(context, nodeFaults, made);
    for (const { spec } of made) io.result(`node/${spec.nodeName} killed (${spec.fault})`);
    if (made.length > 0) io.note(io.paint("dim", await outlook(objects), "stderr"));
  });

async function hurt(objects: Objects, nodeName: string, fault: string): Promise<NodeFault | undefined> {
  try {
    return await objects.create<NodeFault>(nodeFaults, {
      apiVersion: "kubesim.dev/v1alpha1",
      kind: "NodeFault",
      metadata: { name: `${nodeName}.${fault}` },
      spec: { nodeName, fault, origin: "user" },
      status: {},
    });
  } catch (error) {
    if (isReason(error, "AlreadyExists")) return undefined;
    throw error;
  }
}

/** What happens next, by the timing profile in force. */
async function outlook(objects: Objects): Promise<string> {
  const settings = await objects.get(clusterSettings, { name: CLUSTER_SETTINGS_NAME });
  const { name, graceMs, checkMs } = timingProfileOf(settings);
  const from = formatDuration(graceMs);
  const to = formatDuration(graceMs + checkMs);
  return `The cluster notices within ${from} to ${to} (timing ${name}). Heal with: kubesim nodes revive --all`;
}
