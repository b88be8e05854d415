import { nodes } from "../../api/kinds/node.ts";
import { isFinished, type Pod, pods } from "../../api/kinds/pod.ts";
import type { Objects } from "../../api/objects.ts";
import { counted } from "../../lib/counted.ts";
import type { CommandContext, CommandRun } from "../command.ts";
import { withCluster } from "../connection.ts";
import { CommandError } from "../errors.ts";
import { listAll } from "../list-all.ts";
import { printChanged } from "../output/changed.ts";
import { requireNodes } from "./require-nodes.ts";

export const run: CommandRun = (context, input) =>
  withCluster(context, async ({ objects }) => {
    const targets = await requireNodes(objects, input.name as readonly string[]);
    const moved: Pod[] = [];
    for (const { metadata } of targets) moved.push(...(await podsOn(objects, metadata.name)));
    if (moved.length > 0 && input.force !== true) throw stillBusy(moved);
    for (const { metadata } of targets) {
      await objects.delete(nodes, { name: metadata.name }, { preconditions: { uid: metadata.uid } });
    }
    await printChanged(context, nodes, targets, "removed");
    report(context, moved);
  });

/** The pods that run on a node, or are to. */
export async function podsOn(objects: Objects, nodeName: string): Promise<readonly Pod[]> {
  const { items } = await listAll(objects, pods, { fieldSelector: `spec.nodeName=${nodeName}` });
  return items.filter((pod) => !isFinished(pod));
}

function stillBusy(busy: readonly Pod[]): CommandError {
  const node = busy[0]?.spec.nodeName as string;
  const count = busy.filter((pod) => pod.spec.nodeName === node).length;
  return new CommandError(`${node} still runs ${counted(count, "pod")}; nothing was removed`, {
    hint: "Empty it first, or remove it with its pods: --force",
    reason: "NodeNotEmpty",
    next: [`kubesim nodes drain ${node}`, `kubesim nodes remove ${node} --force`],
  });
}

function report({ io }: CommandContext, moved: readonly Pod[]): void {
  if (moved.length === 0) return;
  const names = moved.slice(0, 5).map((pod) => pod.metadata.name);
  const more = moved.length > names.length ? ` and ${moved.length - names.length} more` : "";
  io.note(
    `${moved.length} ${moved.length === 1 ? "pod was" : "pods were"} running there: ${names.join(", ")}${more}`,
  );
}
