import { stateDirectory } from "../../client/state-directory.ts";
import type { CommandRun } from "../command.ts";
import { printServerStatus } from "../output/server-status.ts";

export const run: CommandRun = (context) =>
  printServerStatus(context, stateDirectory(context.globals.cluster, context.io.env));
