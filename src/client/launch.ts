import { YOUNG_SPACE } from "../boot/young-space.ts";
import type { Clock } from "../clock/clock.ts";
import type { Connection } from "./connection.ts";
import { chosenEndpoint, type ServerChoice } from "./endpoint.ts";
import { LocalError } from "./errors.ts";
import { findServer, transportTo } from "./find-server.ts";
import { launchServer } from "./launch-server.ts";
import { probe } from "./probe.ts";
import { readRecord, type ServerRecord } from "./server-record.ts";
import { clusterFlag, type Environment, type StateDirectory, stateDirectory } from "./state-directory.ts";
import type { Endpoint, Transport } from "./transport.ts";

/** What a connection is made from; a command's context has this shape. */
export interface ConnectContext {
  readonly io: { readonly env: Environment; note(line: string): void };
  readonly clock: Clock;
  readonly globals: ServerChoice & { readonly cluster: string };
  /** Ends the waiting for a server that starts or stops. */
  readonly signal?: AbortSignal;
}

/**
 * Connects to the cluster that the options mean: `--server` or `--context` when given, else this machine's own, whose
 * server is started in the background when there is none (one line on stderr says so).
 * Fails with ServerUnreachable or LocalError.
 */
export async function connect(context: ConnectContext): Promise<Connection> {
  const endpoint = await chosenEndpoint(context.globals, context.io.env);
  if (endpoint !== undefined) return connectTo(endpoint);
  const directory = stateDirectory(context.globals.cluster, context.io.env);
  const { record, transport } = await findOrLaunch(directory, context, () => {
    // Not before: it would hold up the launch.
    void Promise.all([import("./transport.ts"), import("./connection.ts")]);
  });
  return over(transport ?? (await transportTo(directory, record)));
}

/** As `connect`, but undefined where no server of this machine runs: looks, never launches. */
export async function connectIfRunning(context: ConnectContext): Promise<Connection | undefined> {
  const endpoint = await chosenEndpoint(context.globals, context.io.env);
  if (endpoint !== undefined) return connectTo(endpoint);
  const directory = stateDirectory(context.globals.cluster, context.io.env);
  const found = await findServer(directory, context.clock, context.signal);
  return found && over(found.transport);
}

async function connectTo(endpoint: Endpoint): Promise<Connection> {
  const { Transport } = await import("./transport.ts");
  const transport = new Transport(endpoint);
  try {
    await probe(transport);
  } catch (error) {
    await transport.close();
    throw error;
  }
  return over(transport);
}

/** What a connection takes is loaded when there is something to connect to: a server that is launched starts sooner. */
async function over(transport: Transport): Promise<Connection> {
  const { connectionOver } = await import("./connection.ts");
  return connectionOver(transport);
}

/** What `ensureServer` needs beside the directory. */
interface EnsureContext extends Pick<ConnectContext, "clock" | "io" | "signal"> {
  /** Arguments for a server that has to be launched. */
  readonly serverArguments?: readonly string[];
}

/** A server of this machine that runs, and whether that took a launch. */
export interface EnsuredServer {
  readonly record: ServerRecord;
  readonly launched: boolean;
}

/**
 * The cluster's server, launched if need be. Two callers at the same time get one server: the second launch finds the
 * lock taken and waits for the first.
 */
export async function ensureServer(
  directory: StateDirectory,
  context: EnsureContext,
): Promise<EnsuredServer> {
  const { record, launched, transport } = await findOrLaunch(directory, context);
  await transport?.close();
  return { record, launched };
}

/** As `ensureServer`, with the transport on which a server that ran before has answered. */
async function findOrLaunch(
  directory: StateDirectory,
  { clock, io, signal, serverArguments = [] }: EnsureContext,
  meanwhile = () => {},
): Promise<EnsuredServer & { readonly transport?: Transport }> {
  for (let attempt = 0; attempt < LAUNCH_ATTEMPTS; attempt++) {
    const server = await findServer(directory, clock, signal);
    if (server !== undefined) return { ...server, launched: false };
    const report = await launchServer(directory, {
      program: ownProgram(),
      arguments: serverArguments,
      environment: io.env,
      clock,
      meanwhile,
      ...(signal !== undefined && { signal }),
    });
    const record = report.state === "ready" ? await readRecord(directory) : undefined;
    // One that is ended at once is tried again.
    if (record === undefined || record.stoppedAt !== undefined) continue;
    io.note(
      `Started cluster "${directory.cluster}" in the background (pid ${record.pid}, ${record.url}); ` +
        `end it with: kubesim server stop${clusterFlag(directory.cluster)}`,
    );
    return { record, launched: true };
  }
  throw new LocalError(
    `The server of cluster "${directory.cluster}" keeps ending as soon as it has started`,
    `See its log: ${directory.log}`,
    { exitCode: 3 },
  );
}

/** A launch that finds another one quicker is tried again. */
const LAUNCH_ATTEMPTS = 5;

/** The command line that this very program was started with. */
function ownProgram(): readonly string[] {
  return [process.execPath, YOUNG_SPACE, ...process.execArgv, process.argv[1] as string];
}
