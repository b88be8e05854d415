import { copyFrom, followFrom, tailStart } from "../../client/server-log.ts";
import { stateDirectory } from "../../client/state-directory.ts";
import type { CommandRun } from "../command.ts";
import { CommandError } from "../errors.ts";

export const run: CommandRun = async ({ globals, io, clock, signal }, input) => {
  const { log } = stateDirectory(globals.cluster, io.env);
  const { follow, tail } = input as { follow: boolean; tail?: number };
  const write = (chunk: Buffer) => void io.stdout.write(chunk);
  const start = await (tail === undefined
    ? tailStart(log, Number.MAX_SAFE_INTEGER)
    : tailStart(log, tail)
  ).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "ENOENT") throw cause;
    throw new CommandError(`Cluster "${globals.cluster}" has no log yet`, {
      reason: "NotFound",
      hint: "Start its server with: kubesim server start",
    });
  });
  if (follow) await followFrom(log, start, write, { clock, signal });
  else await copyFrom(log, start, write);
};
