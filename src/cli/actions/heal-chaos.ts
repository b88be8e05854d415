import { nodeFaults } from "../../api/kinds/node-fault.ts";
import { healAll } from "../../chaos/heal.ts";
import type { CommandRun } from "../command.ts";
import { withCluster } from "../connection.ts";
import { printObjects } from "../output/print.ts";

export const run: CommandRun = (context, input) =>
  withCluster(context, async ({ objects }) => {
    const healed = await healAll(objects, { all: input.all === true });
    const { io, globals } = context;
    if (globals.output !== "table") return printObjects(context, nodeFaults, healed);
    if (healed.length === 0) return io.note("There was nothing to heal");
    const names = [...new Set(healed.map((fault) => fault.spec.nodeName))];
    for (const name of names) io.result(`node/${name} healed`);
  });
