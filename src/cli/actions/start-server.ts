import { ensureServer } from "../../client/launch.ts";
import type { ServerRecord } from "../../client/server-record.ts";
import { stateDirectory } from "../../client/state-directory.ts";
import type { CommandRun } from "../command.ts";
import type { ServerInput } from "../commands/server-options.ts";
import { CommandError } from "../errors.ts";
import { printServerStatus } from "../output/server-status.ts";

export const run: CommandRun = async (context, input) => {
  const { globals, io, clock, signal } = context;
  const options = input as unknown as ServerInput;
  const directory = stateDirectory(globals.cluster, io.env);
  const { server, launched } = await ensureServer(directory, {
    clock,
    signal,
    io: { env: io.env, note: () => undefined },
    serverArguments: argumentsOf(options),
  });
  await server.transport.close();
  if (!launched) refuseChange(options, server.record);
  if (globals.output !== "table" && globals.output !== "wide") return printServerStatus(context, directory);
  io.result(`server/${globals.cluster} ${launched ? "started" : "is running already"}`);
  io.note(`It listens at ${server.record.url} (pid ${server.record.pid}, store ${server.record.store})`);
};

function argumentsOf(options: ServerInput): readonly string[] {
  const { port, store, dataDir, strategy, timing, seed } = options;
  const flags = { port, store, "data-dir": dataDir, strategy, timing, seed };
  return Object.entries(flags).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}=${value}`],
  );
}

/** What was asked for and cannot be had while that server runs. */
function refuseChange({ port }: ServerInput, record: ServerRecord): void {
  if (port === undefined || port === 0 || port === record.port) return;
  throw new CommandError(`The server runs already, on port ${record.port} (pid ${record.pid})`, {
    reason: "AlreadyRunning",
    hint: "Stop it first with: kubesim server stop",
  });
}
