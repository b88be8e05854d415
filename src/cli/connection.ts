import type { Objects } from "../api/objects.ts";
import type { CommandContext } from "./command.ts";

/** A cluster that answers. */
export interface ConnectedCluster {
  readonly objects: Objects;
  /** Its address, for people. */
  readonly url: string;
  /** What `/version` says. */
  version(): Promise<{ readonly gitVersion?: string }>;
}

/**
 * Runs the work with a connection to the cluster that the global options mean, starting one when there is none.
 * The connection is closed afterwards, whatever happens.
 */
export async function withCluster<T>(
  context: CommandContext,
  work: (cluster: ConnectedCluster) => Promise<T>,
): Promise<T> {
  if (context.cluster !== undefined) return work(context.cluster);
  const { connect } = await import("../client/launch.ts");
  const connection = await connect(context);
  context.time.follow(() => connection.timeMs());
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/** As `withCluster`, but nothing is started: undefined when none runs. */
export async function withRunningCluster<T>(
  context: CommandContext,
  work: (cluster: ConnectedCluster) => Promise<T>,
): Promise<T | undefined> {
  if (context.cluster !== undefined) return work(context.cluster);
  const { connectIfRunning } = await import("../client/launch.ts");
  const connection = await connectIfRunning(context);
  if (connection === undefined) return undefined;
  context.time.follow(() => connection.timeMs());
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}
