import { stopServer } from "../../client/server-process.ts";
import { stateDirectory } from "../../client/state-directory.ts";
import type { CommandRun } from "../command.ts";

export const run: CommandRun = async ({ globals, io, clock }) => {
  const stop = await stopServer(stateDirectory(globals.cluster, io.env), clock);
  if (stop.outcome === "not running") {
    io.note(`No server of cluster "${globals.cluster}" is running`);
    return;
  }
  if (stop.outcome === "killed") {
    io.note(`Process ${stop.pid} did not stop within 10 s and was killed; acknowledged writes are kept`);
  }
  io.result(`server/${globals.cluster} stopped`);
};
