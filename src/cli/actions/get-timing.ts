import { TIMING_PROFILES } from "../../api/timing-profiles.ts";
import type { CommandRun } from "../command.ts";
import { withCluster } from "../connection.ts";
import { printTable, printValue } from "../output/print.ts";
import { readSettings } from "./settings.ts";

export const run: CommandRun = (context) =>
  withCluster(context, async ({ objects }) => {
    const inForce = (await readSettings(objects)).spec.timingProfile;
    const profiles = Object.values(TIMING_PROFILES);
    const { io, globals } = context;
    if (globals.output === "name") return io.result(inForce);
    if (globals.output !== "table" && globals.output !== "wide") {
      return printValue(context, { inForce, profiles });
    }
    const rows = profiles.map(({ name, summary }) => [name, name === inForce ? "in force" : "", summary]);
    await printTable(context, ["NAME", "STATUS", "SUMMARY"], rows);
  });
