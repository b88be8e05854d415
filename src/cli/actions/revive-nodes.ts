import { isReason } from "../../api/errors.ts";
import { type NodeFault, nodeFaults } from "../../api/kinds/node-fault.ts";
import type { Objects } from "../../api/objects.ts";
import type { CommandRun } from "../command.ts";
import { withCluster } from "../connection.ts";
import { UsageError } from "../errors.ts";
import { listAll } from "../list-all.ts";
import { printObjects } from "../output/print.ts";
import { requireNodes } from "./require-nodes.ts";

export const run: CommandRun = async (context, input) => {
  const names = (input.name ?? []) as readonly string[];
  const all = input.all === true;
  if (names.length === 0 && !all) {
    throw new UsageError("Say which nodes to revive", "Give their names, or --all", [
      "kubesim nodes revive --all",
    ]);
  }
  await withCluster(context, async ({ objects }) => {
    const { io, globals } = context;
    const faults = (await listAll(objects, nodeFaults)).items;
    const wanted = all ? faults : faults.filter((fault) => names.includes(fault.spec.nodeName));
    const hurt = new Set(wanted.map((fault) => fault.spec.nodeName));
    const well = names.filter((name) => !hurt.has(name));
    if (!all) await requireNodes(objects, well);
    for (const name of well) io.note(`${name} has no fault`);
    if (all && wanted.length === 0) io.note("No node has a fault");
    for (const fault of wanted) await heal(objects, fault);
    if (globals.output !== "table") return printObjects(context, nodeFaults, wanted);
    for (const name of hurt) io.result(`node/${name} revived`);
  });
};

async function heal(objects: Objects, fault: NodeFault): Promise<void> {
  try {
    await objects.delete(nodeFaults, { name: fault.metadata.name });
  } catch (error) {
    // Somebody else healed it meanwhile, which is all that was wanted.
    if (!isReason(error, "NotFound")) throw error;
  }
}
