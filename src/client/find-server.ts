import type { Clock } from "../clock/clock.ts";
import { codeOf, LocalError } from "./errors.ts";
import { lockOwner } from "./lock.ts";
import { readIfThere } from "./private-files.ts";
import { probe } from "./probe.ts";
import { isAlive, type ProcessIdentity } from "./process-identity.ts";
import { processOf, readRecord, type ServerRecord } from "./server-record.ts";
import type { StateDirectory } from "./state-directory.ts";
import type { Transport } from "./transport.ts";

/** A server of this machine that answers. */
export interface FoundServer {
  readonly record: ServerRecord;
  /** Open, and warm from the probe. Whoever gets it closes it. */
  readonly transport: Transport;
}

/** A server that starts or stops is given this long. */
const SETTLE_MS = 30_000;
const POLL_MS = 20;

/**
 * The cluster's server, if it runs and answers; undefined when none runs. Waits for one that is starting or stopping.
 * Fails with ServerUnreachable when something else answers in its place.
 */
export async function findServer(
  directory: StateDirectory,
  clock: Clock,
  signal?: AbortSignal,
): Promise<FoundServer | undefined> {
  const deadlineMs = clock.monotonicMs() + SETTLE_MS;
  for (;;) {
    const record = await readRecord(directory);
    const owner = await ownerOf(directory, record);
    if (owner === undefined) return undefined;
    if (record !== undefined && isReady(record, owner)) {
      const transport = await answering(directory, record);
      if (transport !== undefined) return { record, transport };
    }
    if (clock.monotonicMs() > deadlineMs) throw stuck(directory, owner);
    await clock.sleep(POLL_MS, signal);
  }
}

/** The living process behind the cluster: by its record, which is quick, or by its lock when it has written none. */
export async function ownerOf(
  directory: StateDirectory,
  record: ServerRecord | undefined,
): Promise<ProcessIdentity | undefined> {
  if (record !== undefined && record.stoppedAt === undefined && (await isAlive(processOf(record)))) {
    return processOf(record);
  }
  return lockOwner(directory.lock);
}

function isReady(record: ServerRecord, owner: ProcessIdentity): boolean {
  return (
    record.stoppedAt === undefined && record.pid === owner.pid && record.processStart === owner.startedAt
  );
}

/** The way to the server of a record, whether or not it answers. */
export async function transportTo(directory: StateDirectory, { url }: ServerRecord): Promise<Transport> {
  const [{ Transport }, token, certificateAuthority] = await Promise.all([
    import("./transport.ts"),
    readIfThere(directory.token),
    readIfThere(directory.authority),
  ]);
  return new Transport({
    url,
    ...(token !== undefined && { token: token.trim() }),
    ...(certificateAuthority !== undefined && { certificateAuthority }),
  });
}

/** Undefined while nothing listens: the process is between its record and its end. */
async function answering(directory: StateDirectory, record: ServerRecord): Promise<Transport | undefined> {
  const transport = await transportTo(directory, record);
  try {
    await probe(transport);
    return transport;
  } catch (error) {
    await transport.close();
    const code = codeOf(error);
    if (code === "ECONNREFUSED" || code === "ECONNRESET" || code === "UND_ERR_SOCKET") return undefined;
    throw error;
  }
}

function stuck({ cluster, log }: StateDirectory, { pid }: ProcessIdentity): LocalError {
  return new LocalError(
    `The server of cluster "${cluster}" (pid ${pid}) runs but does not answer`,
    `See its log (${log}), or end it with: kubesim server stop --cluster ${cluster}`,
    { exitCode: 3 },
  );
}
