import { strategyInForce } from "../../api/kinds/cluster-settings.ts";
import type { CommandRun } from "../command.ts";
import { withCluster } from "../connection.ts";
import { printTable, printValue } from "../output/print.ts";
import { readSettings } from "./settings.ts";
import { builtInStrategies } from "./strategies.ts";

export const run: CommandRun = (context) =>
  withCluster(context, async ({ objects }) => {
    const settings = await readSettings(objects);
    const own = settings.spec.customStrategy;
    const inForce = strategyInForce(settings);
    const all = [
      ...(await builtInStrategies()),
      ...(own === undefined ? [] : [{ name: own.name, summary: "your own" }]),
    ];
    const { io, globals } = context;
    if (globals.output === "name") {
      for (const { name } of all) io.result(name);
      return;
    }
    if (globals.output !== "table" && globals.output !== "wide") {
      return printValue(context, { inForce, strategies: all });
    }
    const rows = all.map(({ name, summary }) => [name, name === inForce ? "in force" : "", summary]);
    await printTable(context, ["NAME", "STATUS", "SUMMARY"], rows);
  });
