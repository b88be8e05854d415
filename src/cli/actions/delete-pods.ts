import { isReason } from "../../api/errors.ts";
import { type Pod, pods } from "../../api/kinds/pod.ts";
import type { Objects } from "../../api/objects.ts";
import { counted } from "../../lib/counted.ts";
import type { CommandContext, CommandRun } from "../command.ts";
import { withCluster } from "../connection.ts";
import { UsageError } from "../errors.ts";
import { listAll } from "../list-all.ts";
import { printChanged } from "../output/changed.ts";
import { printObjects } from "../output/print.ts";
import { ProgressBar } from "../output/progress-bar.ts";
import { confirm } from "../prompt/confirm.ts";
import { requirePod } from "./require-nodes.ts";

/** So many deletions travel at once. */
const IN_FLIGHT = 128;

interface Input {
  readonly name?: readonly string[];
  readonly all: boolean;
  readonly selector?: string;
  readonly now: boolean;
}

export const run: CommandRun = async (context, values) => {
  const input = values as unknown as Input;
  const { name = [], all, selector } = input;
  if (name.length === 0 && !all && selector === undefined) {
    throw new UsageError("Say which pods to delete", "Give their names, a selector (-l), or --all", [
      "kubesim pods delete --all",
    ]);
  }
  await withCluster(context, async ({ objects }) => {
    const targets = await chosen(context, objects, input);
    if (targets.length === 0) return printObjects(context, pods, []);
    const question = `Delete ${counted(targets.length, "pod")}?`;
    if (name.length === 0 && !(await confirm(context, question, "--yes"))) return;
    const bar = new ProgressBar(context.io, context.clock, "Deleting", targets.length);
    for (let start = 0; start < targets.length; start += IN_FLIGHT) {
      const batch = targets.slice(start, start + IN_FLIGHT);
      await Promise.all(batch.map((pod) => deletePod(objects, pod, input.now)));
      bar.update(start + batch.length);
    }
    bar.end();
    await printChanged(context, pods, targets, "deleted");
  });
};

async function chosen(context: CommandContext, objects: Objects, input: Input): Promise<readonly Pod[]> {
  const { namespace } = context.globals;
  const { name = [], selector } = input;
  if (name.length > 0) return Promise.all(name.map((one) => requirePod(objects, one, namespace)));
  const list = await listAll(objects, pods, {
    namespace,
    ...(selector !== undefined && { labelSelector: selector }),
  });
  return list.items;
}

async function deletePod(objects: Objects, { metadata }: Pod, now: boolean): Promise<void> {
  const { name, namespace } = metadata;
  try {
    await objects.delete(
      pods,
      { name, ...(namespace !== undefined && { namespace }) },
      now ? { gracePeriodSeconds: 0 } : {},
    );
  } catch (error) {
    if (!isReason(error, "NotFound")) throw error;
  }
}
