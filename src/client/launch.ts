import type { Objects } from "../api/objects.ts";
import type { Clock } from "../clock/clock.ts";
import { type ContainerClient, containerClient } from "./container-client.ts";
import { chosenEndpoint, type ServerChoice } from "./endpoint.ts";
import { LocalError } from "./errors.ts";
import { type FoundServer, findServer } from "./find-server.ts";
import { launchServer } from "./launch-server.ts";
import { probe, type ServerVersion } from "./probe.ts";
import { type RecordingStreamSink, streamRecording } from "./recording-stream.ts";
import { RemoteObjects } from "./remote-objects.ts";
import { clusterFlag, type Environment, type StateDirectory, stateDirectory } from "./state-directory.ts";
import { Transport } from "./transport.ts";

/** What a connection is made from; a command's context has this shape. */
export interface ConnectContext {
  readonly io: { readonly env: Environment; note(line: string): void };
  readonly clock: Clock;
  readonly globals: ServerChoice & { readonly cluster: string };
  /** Ends the waiting for a server that starts or stops. */
  readonly signal?: AbortSignal;
}

/** A cluster that answers. */
export interface Connection {
  readonly objects: Objects;
  readonly containers: ContainerClient;
  readonly url: string;
  /** What `/version` says now. */
  version(): Promise<ServerVersion>;
  /** Records the cluster, line by line; the returned function ends it. See recording-stream.ts. */
  record(sink: RecordingStreamSink): () => void;
  /** The cluster's time by its last answer, in ms since the epoch; undefined: it lives in real time. */
  timeMs(): number | undefined;
  /** Ends every connection and watch. */
  close(): Promise<void>;
}

/**
 * Connects to the cluster that the options mean: `--server` or `--context` when given, else this machine's own, whose
 * server is started in the background when there is none (one line on stderr says so).
 * Fails with ServerUnreachable or LocalError.
 */
export async function connect(context: ConnectContext): Promise<Connection> {
  const endpoint = await chosenEndpoint(context.globals, context.io.env);
  if (endpoint !== undefined) {
    const transport = new Transport(endpoint);
    try {
      await probe(transport);
    } catch (error) {
      await transport.close();
      throw error;
    }
    return connection(transport);
  }
  const directory = stateDirectory(context.globals.cluster, context.io.env);
  const { transport } = (await ensureServer(directory, context)).server;
  return connection(transport);
}

/** As `connect`, but undefined where no server of this machine runs: looks, never launches. */
export async function connectIfRunning(context: ConnectContext): Promise<Connection | undefined> {
  const endpoint = await chosenEndpoint(context.globals, context.io.env);
  if (endpoint !== undefined) return connect(context);
  const directory = stateDirectory(context.globals.cluster, context.io.env);
  const found = await findServer(directory, context.clock, context.signal);
  return found && connection(found.transport);
}

/** What `ensureServer` needs beside the directory. */
export interface EnsureContext extends Pick<ConnectContext, "clock" | "io" | "signal"> {
  /** Arguments for a server that has to be launched. */
  readonly serverArguments?: readonly string[];
}

/**
 * The cluster's server, launched if need be. Two callers at the same time get one server: the second launch finds the
 * lock taken and waits for the first.
 */
export async function ensureServer(
  directory: StateDirectory,
  { clock, io, signal, serverArguments = [] }: EnsureContext,
): Promise<{ readonly server: FoundServer; readonly launched: boolean }> {
  let launched = false;
  for (let attempt = 0; attempt < LAUNCH_ATTEMPTS; attempt++) {
    const server = await findServer(directory, clock, signal);
    if (server !== undefined) return { server, launched };
    const report = await launchServer(directory, {
      program: ownProgram(),
      arguments: serverArguments,
      environment: io.env,
      clock,
      ...(signal !== undefined && { signal }),
    });
    if (report.state === "held") continue;
    launched = true;
    io.note(
      `Started cluster "${directory.cluster}" in the background (pid ${report.pid}, ${report.url}); ` +
        `end it with: kubesim server stop${clusterFlag(directory.cluster)}`,
    );
  }
  throw new LocalError(
    `The server of cluster "${directory.cluster}" keeps ending as soon as it has started`,
    `See its log: ${directory.log}`,
    { exitCode: 3 },
  );
}

/** A launch that finds another one quicker, or whose server is ended at once, is tried again. */
const LAUNCH_ATTEMPTS = 5;

/**
 * Room for young objects, in MiB. A server makes many that live for milliseconds; with V8's default of 16 they are
 * copied about and promoted, which costs a server at work about a sixth of its time.
 */
const YOUNG_SPACE = "--max-semi-space-size=64";

/** The command line that this very program was started with. */
function ownProgram(): readonly string[] {
  return [process.execPath, YOUNG_SPACE, ...process.execArgv, process.argv[1] as string];
}

function connection(transport: Transport): Connection {
  return {
    objects: new RemoteObjects(transport),
    containers: containerClient(transport),
    url: transport.url,
    version: () => probe(transport),
    record: (sink) => streamRecording(transport, sink),
    timeMs: () => transport.clusterTimeMs,
    close: () => transport.close(),
  };
}
