import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../clock/clock.ts";
import { LocalError } from "./errors.ts";
import { ownerOf } from "./find-server.ts";
import { isAlive, type ProcessIdentity } from "./process-identity.ts";
import { readRecord, type ServerRecord } from "./server-record.ts";
import type { StateDirectory } from "./state-directory.ts";

/** What is known of a cluster's server without asking it. */
export interface ServerStatus {
  readonly cluster: string;
  readonly running: boolean;
  /** Of the running server, else of the last one. */
  readonly record: ServerRecord | undefined;
  readonly pid: number | undefined;
  /** Bytes on disk. */
  readonly dataBytes: number;
}

/** How `stopServer` ended the server. */
export type StopOutcome =
  | { readonly outcome: "not running" }
  | { readonly outcome: "stopped" | "killed"; readonly pid: number };

const STOP_LIMIT_MS = 10_000;
const KILL_LIMIT_MS = 5_000;
const POLL_MS = 20;

/** Looks at the files and the process table only. */
export async function serverStatus(directory: StateDirectory): Promise<ServerStatus> {
  const record = await readRecord(directory);
  const owner = await ownerOf(directory, record);
  return {
    cluster: directory.cluster,
    running: owner !== undefined,
    record,
    pid: owner?.pid,
    dataBytes: await bytesBelow(record?.dataDirectory ?? directory.data),
  };
}

/**
 * Ends the server and waits until it is gone: SIGTERM, and SIGKILL when it takes longer than 10 s. Harmless when none
 * runs. Acknowledged writes are on disk in either case.
 */
export async function stopServer(directory: StateDirectory, clock: Clock): Promise<StopOutcome> {
  const owner = await ownerOf(directory, await readRecord(directory));
  if (owner === undefined) return { outcome: "not running" };
  signal(owner, "SIGTERM");
  if (await isGone(owner, clock, STOP_LIMIT_MS)) return { outcome: "stopped", pid: owner.pid };
  signal(owner, "SIGKILL");
  if (await isGone(owner, clock, KILL_LIMIT_MS)) return { outcome: "killed", pid: owner.pid };
  throw new LocalError(
    `Couldn't end the server of cluster "${directory.cluster}": process ${owner.pid} does not go`,
    "The system may be waiting for a disk. Try again in a moment",
  );
}

function signal({ pid }: ProcessIdentity, name: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ESRCH") return;
    throw new LocalError(
      `Couldn't end process ${pid}: it belongs to somebody else`,
      "Ask its owner to end it",
      {
        cause: error,
      },
    );
  }
}

async function isGone(owner: ProcessIdentity, clock: Clock, limitMs: number): Promise<boolean> {
  const deadlineMs = clock.monotonicMs() + limitMs;
  while (await isAlive(owner)) {
    if (clock.monotonicMs() > deadlineMs) return false;
    await clock.sleep(POLL_MS);
  }
  return true;
}

async function bytesBelow(path: string): Promise<number> {
  const names = await readdir(path).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(path, name)).then(
        // What the disk holds; LMDB's files may be sparse.
        (state) => state.blocks * 512,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
