import { link, rename, rm } from "node:fs/promises";
import { codeOf } from "./errors.ts";
import { explainFileError, readIfThere, writeNew } from "./private-files.ts";
import { isAlive, ownIdentity, type ProcessIdentity } from "./process-identity.ts";
import { randomHex } from "./random-hex.ts";

/** A lock that this process holds. */
export interface Lock {
  /** Gives it up; harmless when done twice. */
  release(): Promise<void>;
}

/** What the lock file says. The nonce tells one holding from the next. */
interface Holding extends ProcessIdentity {
  readonly nonce: string;
}

/** Somebody else holds the lock. */
export class LockHeld extends Error {
  readonly owner: ProcessIdentity;

  constructor(owner: ProcessIdentity) {
    super(`locked by process ${owner.pid}`);
    this.name = "LockHeld";
    this.owner = owner;
  }
}

/**
 * Takes a lock that dies with its owner: the file names the process, and one left by a dead process is taken over.
 *
 * Taking over is safe against others who try at the same time: whoever wants to replace the file of a certain holding
 * first takes the lock named after that holding. Fails with LockHeld while the owner lives.
 */
export async function takeLock(path: string): Promise<Lock> {
  const holding: Holding = { ...(await ownIdentity()), nonce: randomHex(8) };
  const draft = `${path}.${holding.nonce}.new`;
  try {
    // Not flushed: where the machine stops, its owner ends as well.
    await writeNew(draft, JSON.stringify(holding), { flushed: false });
    await settle(path, draft);
  } catch (error) {
    throw explainFileError(path, error);
  } finally {
    await rm(draft, { force: true });
  }
  return {
    async release() {
      if ((await holdingOf(path))?.nonce === holding.nonce) await rm(path, { force: true });
    },
  };
}

/** The process that holds the lock and lives, if any. */
export async function lockOwner(path: string): Promise<ProcessIdentity | undefined> {
  const holding = await holdingOf(path);
  return holding !== undefined && (await isAlive(holding)) ? holding : undefined;
}

/** Puts the draft in the lock's place, as soon as that is free or its holder dead. */
async function settle(path: string, draft: string): Promise<void> {
  for (;;) {
    try {
      // link(2) fails where something is, and what appears is complete: nobody ever reads half a lock.
      return await link(draft, path);
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
    const found = await holdingOf(path);
    if (found === undefined) continue;
    if (await isAlive(found)) throw new LockHeld(found);
    if (await takeOver(path, draft, found)) return;
  }
}

async function takeOver(path: string, draft: string, stale: Holding): Promise<boolean> {
  const right = await takeLock(`${path}.${stale.nonce}`);
  try {
    if ((await holdingOf(path))?.nonce !== stale.nonce) return false;
    await rename(draft, path);
    return true;
  } finally {
    await right.release();
  }
}

/** A file that is no lock (damaged, or by hand) counts as one of a dead process. */
async function holdingOf(path: string): Promise<Holding | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  try {
    const { pid, startedAt, nonce } = JSON.parse(text) as Partial<Holding>;
    if (typeof pid === "number" && typeof startedAt === "string" && /^[0-9a-f]{1,32}$/.test(nonce ?? "")) {
      return { pid, startedAt, nonce: nonce as string };
    }
  } catch {
    // Falls through to the same answer.
  }
  return { pid: 0, startedAt: "", nonce: "0" };
}
