import { chmod, lstat, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { codeOf, LocalError } from "./errors.ts";
import { randomHex } from "./random-hex.ts";

/** Only the owner may read and write. */
export const PRIVATE_FILE = 0o600;
const PRIVATE_DIRECTORY = 0o700;

/** How a file is written. */
interface Writing {
  /** False for what is made again at the next start: the disk is not waited for. */
  readonly flushed: boolean;
}

const FLUSHED: Writing = { flushed: true };

/**
 * Makes a directory and what is missing above it, for the owner alone whatever the umask. A symbolic link is refused.
 */
export async function makePrivateDirectory(path: string): Promise<void> {
  try {
    await makeDirectories(path);
    const state = await lstat(path);
    if (state.isSymbolicLink()) throw linkRefused(path);
    if ((state.mode & 0o777) !== PRIVATE_DIRECTORY) await chmod(path, PRIVATE_DIRECTORY);
  } catch (error) {
    throw explainFileError(path, error);
  }
}

/**
 * Makes a directory and what is missing above it, for the owner alone. Node's own recursive mkdir never ends where a
 * file system refuses with ENOENT below a directory that is there, as /proc does.
 */
export async function makeDirectories(path: string): Promise<void> {
  if (await isMade(path)) return;
  await makeDirectories(dirname(path));
  if (!(await isMade(path))) await mkdir(path, PRIVATE_DIRECTORY);
}

/** Makes one directory, or finds it made; false when there is none above it. */
async function isMade(path: string): Promise<boolean> {
  try {
    await mkdir(path, PRIVATE_DIRECTORY);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT" && dirname(path) !== path) return false;
    if ((await stat(path).catch(() => undefined))?.isDirectory() === true) return true;
    throw error;
  }
}

/**
 * Writes a file for the owner alone, whole or not at all: a new file beside it (O_EXCL), flushed unless told
 * otherwise, then renamed over it.
 * A symbolic link in its place is refused.
 */
export async function writePrivateFile(path: string, content: string, writing = FLUSHED): Promise<void> {
  const temporary = `${path}.${randomHex(6)}.tmp`;
  try {
    if (await isLink(path)) throw linkRefused(path);
    try {
      await writeNew(temporary, content, writing);
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    throw explainFileError(path, error);
  }
}

/** The file's text, or undefined when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw explainFileError(path, error);
  }
}

/** Creates a file that must not exist yet, with mode 0600 also under a strange umask. */
export async function writeNew(path: string, content: string, { flushed } = FLUSHED): Promise<void> {
  const file = await open(path, "wx", PRIVATE_FILE);
  try {
    await file.chmod(PRIVATE_FILE);
    await file.writeFile(content);
    if (flushed) await file.sync();
  } finally {
    await file.close();
  }
}

/** A system error in a person's words; anything else comes back as it is. */
export function explainFileError(path: string, error: unknown): unknown {
  const because = (problem: string, hint: string) =>
    new LocalError(`Couldn't write ${path}: ${problem}`, hint, { cause: error });
  switch (codeOf(error)) {
    case "EROFS":
      return because("the file system is read-only", DIRECTORY_HINT);
    case "EACCES":
    case "EPERM":
      return because("permission denied", DIRECTORY_HINT);
    case "ENOSPC":
    case "EDQUOT":
      return because("the disk is full", "Free some room, or point XDG_STATE_HOME to another disk");
    case "ENOENT":
      return because("there is no such directory, and none can be made there", DIRECTORY_HINT);
    case "ENOTDIR":
    case "EEXIST":
      return because("a file stands where a directory should be", DIRECTORY_HINT);
    default:
      return error;
  }
}

const DIRECTORY_HINT = "Point XDG_STATE_HOME to a directory that you may write to";

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch {
    return false;
  }
}

function linkRefused(path: string): LocalError {
  return new LocalError(
    `Couldn't write ${path}: it is a symbolic link, and kubesim writes its secrets only where it is sent`,
    "Remove the link, or point XDG_STATE_HOME to the real directory",
  );
}
