import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { crc32 } from "node:zlib";

/** Compiled code as it was kept. */
export interface KeptCode {
  readonly code: Buffer;
  readonly timesWritten: number;
}

/** In front of the code: the checksum of all that follows, and how often it has been written; 32 bits each. */
const HEAD_BYTES = 8;
const CHECKSUM_BYTES = 4;
const OTHERS_MAY_WRITE = 0o022;
/** Of a version that is used no more. */
const STALE_MS = 30 * 86_400_000;

/**
 * Where compiled code is kept: `$XDG_CACHE_HOME/kubesim/code`, by default below `~/.cache`. A relative XDG_CACHE_HOME
 * is ignored, as its specification says. Undefined where there is no home.
 */
export function codeStorePath(env: NodeJS.ProcessEnv): string | undefined {
  const given = env.XDG_CACHE_HOME;
  if (given !== undefined && isAbsolute(given)) return join(given, "kubesim", "code");
  const home = env.HOME || homedir();
  return isAbsolute(home) ? join(home, ".cache", "kubesim", "code") : undefined;
}

/**
 * A folder of compiled code, one file per chunk and way of compiling. It is a cache: what cannot be read is not there,
 * what cannot be written is lost, and nothing ever fails.
 */
export class CodeStore {
  readonly #path: string;
  readonly #suffix: string;
  readonly #isShipped: boolean;
  #isMade = false;

  /**
   * `way` tells apart what was compiled by another Node or with other flags. A folder that is shipped with the program
   * is trusted as the program itself is, whoever it belongs to.
   */
  constructor(path: string, way: string, { shipped = false } = {}) {
    this.#path = path;
    this.#isShipped = shipped;
    this.#suffix = `.${crc32(way).toString(16).padStart(8, "0")}`;
  }

  /** Undefined when nothing whole is kept, or somebody else could have put it there: it is code that will be run. */
  read(name: string): KeptCode | undefined {
    try {
      const bytes = this.#isShipped ? readFileSync(this.#fileOf(name)) : readOwn(this.#fileOf(name));
      if (bytes === undefined || bytes.length <= HEAD_BYTES) return undefined;
      if (bytes.readUInt32LE(0) !== crc32(bytes.subarray(CHECKSUM_BYTES))) return undefined;
      return { code: bytes.subarray(HEAD_BYTES), timesWritten: bytes.readUInt32LE(CHECKSUM_BYTES) };
    } catch {
      return undefined;
    }
  }

  /** Replaces what is kept in one step, for readers at the same time. */
  write(name: string, code: Buffer, timesWritten: number): void {
    const file = this.#fileOf(name);
    const draft = `${file}.${process.pid}.new`;
    const bytes = Buffer.concat([Buffer.alloc(HEAD_BYTES), code]);
    bytes.writeUInt32LE(timesWritten, CHECKSUM_BYTES);
    bytes.writeUInt32LE(crc32(bytes.subarray(CHECKSUM_BYTES)), 0);
    try {
      this.#makeFolder();
      writeFileSync(draft, bytes, { flag: "wx", mode: 0o600 });
      renameSync(draft, file);
    } catch {
      removeFile(draft);
    }
  }

  #fileOf(name: string): string {
    return join(this.#path, name + this.#suffix);
  }

  /** Also sweeps out, once, what has not been written for long: whoever still uses it writes it again. */
  #makeFolder(): void {
    if (this.#isMade) return;
    this.#isMade = true;
    const folders = [this.#path, dirname(this.#path), dirname(dirname(this.#path))];
    for (const folder of folders.reverse()) {
      try {
        mkdirSync(folder, { mode: 0o700 });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
    }
    const staleMs = Date.now() - STALE_MS;
    for (const name of readdirSync(this.#path)) {
      const file = join(this.#path, name);
      if (statSync(file).mtimeMs < staleMs) removeFile(file);
    }
  }
}

function removeFile(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // It is gone, or never was.
  }
}

/** The bytes of a file that belongs to this user and that nobody else may write. */
function readOwn(file: string): Buffer | undefined {
  const descriptor = openSync(file, "r");
  try {
    const { uid, mode } = fstatSync(descriptor);
    const user = process.getuid?.();
    if (user !== undefined && (uid !== user || (mode & OTHERS_MAY_WRITE) !== 0)) return undefined;
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
