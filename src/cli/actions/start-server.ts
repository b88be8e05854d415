import { transportTo } from "../../client/find-server.ts";
import { ensureServer } from "../../client/launch.ts";
import type { ServerRecord } from "../../client/server-record.ts";
import { type StateDirectory, stateDirectory } from "../../client/state-directory.ts";
import type { CommandContext, CommandRun } from "../command.ts";
import { type ServerInput, virtualOf } from "../commands/server-options.ts";
import { CommandError } from "../errors.ts";

export const run: CommandRun = async (context, input) => {
  const { globals, io, clock, signal } = context;
  const options = input as unknown as ServerInput;
  virtualOf(options);
  const directory = stateDirectory(globals.cluster, io.env);
  const { record, launched } = await ensureServer(directory, {
    clock,
    signal,
    io: { env: io.env, note: () => undefined },
    serverArguments: argumentsOf(options),
  });
  const mode = options.virtual === true ? await clockMode(directory, record) : undefined;
  if (!launched) refuseChange(options, record);
  if (mode === "Real") throw isReal(record);
  if (globals.output !== "table" && globals.output !== "wide") return printStatus(context, directory);
  io.result(`server/${globals.cluster} ${launched ? "started" : "is running already"}`);
  io.note(`It listens at ${record.url} (pid ${record.pid}, store ${record.store})`);
};

// What only some options need is loaded when they are given: whatever is loaded here holds up the launch.

async function printStatus(context: CommandContext, directory: StateDirectory): Promise<void> {
  const { printServerStatus } = await import("../output/server-status.ts");
  await printServerStatus(context, directory);
}

function argumentsOf(options: ServerInput): readonly string[] {
  const { port, store, dataDir, strategy, timing, seed, virtual, startTime } = options;
  const flags = { port, store, "data-dir": dataDir, strategy, timing, seed };
  const given = Object.entries(flags).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}=${value}`],
  );
  if (virtual === true) given.push("--virtual");
  if (startTime !== undefined) given.push(`--start-time=${new Date(startTime).toISOString()}`);
  return given;
}

async function clockMode(directory: StateDirectory, record: ServerRecord): Promise<string> {
  const [{ RemoteObjects }, { CLUSTER_CLOCK_NAME, clusterClocks }] = await Promise.all([
    import("../../client/remote-objects.ts"),
    import("../../api/kinds/cluster-clock.ts"),
  ]);
  const transport = await transportTo(directory, record);
  try {
    const clock = await new RemoteObjects(transport).get(clusterClocks, { name: CLUSTER_CLOCK_NAME });
    return clock.spec.mode;
  } finally {
    await transport.close();
  }
}

function isReal({ pid }: ServerRecord): Error {
  return new CommandError(`The server runs already, in real time (pid ${pid})`, {
    reason: "AlreadyRunning",
    hint: "Stop it first with: kubesim server stop; its cluster then goes on in virtual time",
  });
}

/** What was asked for and cannot be had while that server runs. */
function refuseChange({ port }: ServerInput, record: ServerRecord): void {
  if (port === undefined || port === 0 || port === record.port) return;
  throw new CommandError(`The server runs already, on port ${record.port} (pid ${record.pid})`, {
    reason: "AlreadyRunning",
    hint: "Stop it first with: kubesim server stop",
  });
}
