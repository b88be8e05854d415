import type { Objects } from "../api/objects.ts";
import type { ContainerClient } from "../client/container-client.ts";
import type { CommandContext } from "./command.ts";
import { CommandError } from "./errors.ts";

/** A cluster that answers. */
export interface ConnectedCluster {
  readonly objects: Objects;
  /** Absent in a cluster of this very process, as the demo has it. */
  readonly containers?: ContainerClient;
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

/** As `withCluster`, for what goes on inside of pods. */
export function withContainers<T>(
  context: CommandContext,
  work: (containers: ContainerClient, objects: Objects) => Promise<T>,
): Promise<T> {
  return withCluster(context, async ({ containers, objects }) => {
    if (containers === undefined) throw new CommandError("Containers of this cluster cannot be reached");
    return await work(containers, objects);
  });
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
