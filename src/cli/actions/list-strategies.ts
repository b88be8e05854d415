import type { CommandRun } from "../command.ts";
import { withCluster } from "../connection.ts";
import { printTable, printValue } from "../output/print.ts";
import { readSettings } from "./settings.ts";
import { builtInStrategies } from "./strategies.ts";

export const run: CommandRun = (context) =>
  withCluster(context, async ({ objects }) => {
    const { spec } = await readSettings(objects);
    const own = spec.customStrategy;
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
      return printValue(context, { inForce: spec.strategy, strategies: all });
    }
    const rows = all.map(({ name, summary }) => [name, name === spec.strategy ? "in force" : "", summary]);
    await printTable(context, ["NAME", "STATUS", "SUMMARY"], rows);
  });
