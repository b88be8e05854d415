import type { CommandRun } from "../command.ts";
import { SCRIPTS, type Shell } from "../completion/scripts.ts";

export const run: CommandRun = async ({ io }, input) => {
  io.stdout.write(SCRIPTS[input.shell as Shell]);
};
