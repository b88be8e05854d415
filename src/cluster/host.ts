import { join } from "node:path";
import type { ClusterSettings } from "../api/kinds/cluster-settings.ts";
import { type Credentials, loadCredentials } from "../client/credentials.ts";
import { LocalError } from "../client/errors.ts";
import { type Lock, LockHeld, takeLock } from "../client/lock.ts";
import { ownKubeconfig } from "../client/own-kubeconfig.ts";
import { explainListenError } from "../client/port.ts";
import { explainFileError, makeDirectories, writePrivateFile } from "../client/private-files.ts";
import { ownIdentity } from "../client/process-identity.ts";
import { readRecord, type ServerRecord, type StoreKind, writeRecord } from "../client/server-record.ts";
import { makeStateDirectory, type StateDirectory } from "../client/state-directory.ts";
import type { Clock } from "../clock/clock.ts";
import { createTokenKey } from "../server/authentication/token-signer.ts";
import type { Listening } from "../server/listen.ts";
import { createTlsFiles } from "../server/tls.ts";
import { type RunningCluster, startCluster } from "./cluster.ts";
import type { Log } from "./log.ts";

/** How a cluster of this machine is hosted. */
export interface HostOptions {
  readonly directory: StateDirectory;
  readonly clock: Clock;
  readonly store: StoreKind;
  /** Where LMDB keeps its files, when not in the state directory. */
  readonly dataDirectory?: string;
  /** Undefined: the last one if it is free, else any. */
  readonly port?: number;
  readonly settings: Partial<ClusterSettings["spec"]>;
  /** As in ClusterOptions. */
  readonly virtual?: { readonly startMs?: number } | undefined;
  readonly version: string;
  readonly log: Log;
  /** Called as soon as clients may come, which is before this is all there. */
  readonly opened?: (record: ServerRecord) => void;
}

/** A cluster of this machine, served by this process. */
export interface HostedCluster {
  readonly record: ServerRecord;
  readonly cluster: RunningCluster;
  /** Ends it and gives the state directory free. */
  stop(): Promise<void>;
}

/**
 * Serves the cluster of a state directory from this process: takes its lock, makes what is missing of certificates
 * and token, starts the cluster on its port, and writes down where it is. Ready when it resolves.
 * Fails with LockHeld when another process serves it, and with LocalError when this machine does not let it.
 */
export async function hostCluster(options: HostOptions): Promise<HostedCluster> {
  const { directory } = options;
  await makeStateDirectory(directory);
  const locks = [await takeLock(directory.lock)];
  try {
    const dataDirectory = options.store === "memory" ? null : (options.dataDirectory ?? directory.data);
    if (dataDirectory !== null) locks.push(await takeDataDirectory(dataDirectory));
    const credentials = await loadCredentials(directory, options.clock.now(), {
      certificates: createTlsFiles,
      tokenKey: createTokenKey,
    });
    const announced: { record?: ServerRecord } = {};
    const cluster = await openDoor(options, dataDirectory, credentials, async (listening) => {
      announced.record = await announce(options, dataDirectory, credentials, listening);
      options.opened?.(announced.record);
    });
    const record = announced.record as ServerRecord;
    const stop = async () => {
      await writeRecord(directory, { ...record, stoppedAt: new Date(options.clock.now()).toISOString() });
      await cluster.stop();
      await releaseAll(locks);
    };
    return { record, cluster, stop };
  } catch (error) {
    await releaseAll(locks);
    throw error;
  }
}

/** Two clusters must not write to one database, however they were told to. */
async function takeDataDirectory(path: string): Promise<Lock> {
  try {
    await makeDirectories(path);
    return await takeLock(join(path, "owner.lock"));
  } catch (error) {
    if (!(error instanceof LockHeld)) throw explainFileError(path, error);
    throw new LocalError(
      `The data in ${path} is in use by the server with pid ${error.owner.pid}`,
      "Choose another --data-dir, or stop that server",
      { cause: error },
    );
  }
}

async function openDoor(
  options: HostOptions,
  dataDirectory: string | null,
  { certificate, certificateAuthority, key, token, tokenKey }: Credentials,
  opened: (listening: Listening) => Promise<void>,
): Promise<RunningCluster> {
  const { settings, version, log, clock, virtual } = options;
  // A kubeconfig that was copied elsewhere stays true as long as the port does.
  const port = options.port ?? (await readRecord(options.directory))?.port ?? 0;
  try {
    return await startCluster({
      store: dataDirectory === null ? { kind: "memory" } : { kind: "lmdb", directory: dataDirectory },
      tokenKey,
      listen: {
        port,
        orAnyPort: options.port === undefined,
        token,
        tls: { cert: certificate, key, caCert: certificateAuthority },
        opened,
      },
      clock,
      virtual,
      settings,
      version,
      log,
    });
  } catch (error) {
    throw (await explainListenError(port, error)) ?? explainFileError(dataDirectory ?? "", error);
  }
}

/** Writes where the server is: first for kubectl, then for kubesim, which takes the record as the sign to connect. */
async function announce(
  options: HostOptions,
  dataDirectory: string | null,
  { certificateAuthority, token }: Credentials,
  { url, port }: Listening,
): Promise<ServerRecord> {
  const { directory, clock, store, version } = options;
  const { pid, startedAt: processStart } = await ownIdentity();
  const record: ServerRecord = {
    pid,
    processStart,
    port,
    url,
    store,
    dataDirectory,
    version,
    startedAt: new Date(clock.now()).toISOString(),
  };
  const own = { cluster: directory.cluster, url, certificateAuthority, token };
  await writePrivateFile(directory.kubeconfig, ownKubeconfig(own), { flushed: false });
  await writeRecord(directory, record);
  return record;
}

async function releaseAll(locks: readonly Lock[]): Promise<void> {
  for (const lock of locks) await lock.release();
}
