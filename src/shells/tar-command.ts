import { gunzipSync, gzipSync } from "node:zlib";
import { type CustomCommand, defineCommand, type IFileSystem } from "just-bash/browser";
import { readTar, type TarEntry, writeTar } from "./tar.ts";

/** What a command line of tar asks for. */
interface Request {
  readonly mode: "c" | "x" | "t" | undefined;
  readonly archive: string;
  readonly directory: string;
  readonly isVerbose: boolean;
  /** What is written is to be compressed; what is read shows whether it is. */
  readonly isCompressed: boolean;
  readonly paths: readonly string[];
}

/** `tar`, as far as `kubectl cp` and people need it: c, x and t, also with gzip. */
export function tarCommand(files: IFileSystem): CustomCommand {
  return defineCommand("tar", async (args, { cwd, stdin }) => {
    try {
      const request = readArguments(args, files, cwd);
      if (request.mode === "c") return await create(request, files, cwd);
      if (request.mode === undefined) {
        return { stdout: "", stderr: "tar: You must specify one of the 'ctx' options\n", exitCode: 2 };
      }
      const archive =
        request.archive === "-"
          ? Buffer.from(String(stdin), "latin1")
          : Buffer.from(await files.readFileBuffer(files.resolvePath(cwd, request.archive)));
      return await extract(request, isGzip(archive) ? unpack(archive) : archive, files);
    } catch (error) {
      const { message } = error as Error;
      return { stdout: "", stderr: `tar: ${message}\ntar: Exiting with failure status\n`, exitCode: 2 };
    }
  });
}

function readArguments(args: readonly string[], files: IFileSystem, cwd: string): Request {
  let mode: Request["mode"];
  let archive = "-";
  let directory = cwd;
  let isVerbose = false;
  let isCompressed = false;
  const paths: string[] = [];
  const rest = [...args];
  const onFlags = (flags: string) => {
    for (const flag of flags) {
      if (flag === "c" || flag === "x" || flag === "t") mode = flag;
      else if (flag === "f") archive = rest.shift() ?? "-";
      else if (flag === "C") directory = files.resolvePath(cwd, rest.shift() ?? ".");
      else if (flag === "v") isVerbose = true;
      else if (flag === "z") isCompressed = true;
      else if (!"mpohPS".includes(flag)) throw new Error(`unsupported option -${flag}`);
    }
  };
  const first = rest[0];
  if (first !== undefined && /^[a-zA-Z]*[cxt][a-zA-Z]*$/.test(first)) onFlags(rest.shift() as string);
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg.startsWith("--")) continue;
    if (arg.startsWith("-") && arg !== "-") onFlags(arg.slice(1));
    else paths.push(arg);
  }
  return { mode, archive, directory, isVerbose, isCompressed, paths };
}

/** What a small archive may grow to when it is unpacked. */
const UNPACKED_BYTES_MAX = 256 * 1024 * 1024;

function isGzip(archive: Buffer): boolean {
  return archive[0] === 0x1f && archive[1] === 0x8b;
}

/** Fails with Error when it is damaged or grows beyond all measure. */
function unpack(archive: Buffer): Buffer {
  return gunzipSync(archive, { maxOutputLength: UNPACKED_BYTES_MAX });
}

async function create(request: Request, files: IFileSystem, cwd: string) {
  const entries: TarEntry[] = [];
  const problems: string[] = [];
  if (request.paths.some((path) => path.startsWith("/"))) {
    problems.push("tar: Removing leading `/' from member names");
  }
  let exitCode = 0;
  for (const path of request.paths) {
    const absolute = files.resolvePath(request.directory, path);
    if (await exists(files, absolute)) {
      await collect(files, absolute, path.replace(/^\/+/, "").replace(/\/+$/, "") || ".", entries);
    } else {
      problems.push(`tar: ${path}: Cannot stat: No such file or directory`);
      exitCode = 2;
    }
  }
  if (exitCode !== 0) problems.push("tar: Exiting with failure status due to previous errors");
  const plain = Buffer.concat([...writeTar(entries)]);
  const archive = request.isCompressed ? gzipSync(plain) : plain;
  const stderr = problems.map((line) => `${line}\n`).join("");
  if (request.archive !== "-") {
    await files.writeFile(files.resolvePath(cwd, request.archive), archive);
    return { stdout: "", stderr, exitCode };
  }
  return { stdout: archive.toString("latin1"), stdoutKind: "bytes" as const, stderr, exitCode };
}

async function collect(files: IFileSystem, path: string, name: string, entries: TarEntry[]): Promise<void> {
  const { isDirectory, isSymbolicLink, mode, mtime } = await files.lstat(path);
  const common = { path: name, mode, modifiedS: Math.floor(mtime.getTime() / 1_000), target: "" };
  if (isSymbolicLink) {
    entries.push({ ...common, type: "symlink", content: NOTHING, target: await files.readlink(path) });
  } else if (!isDirectory) {
    entries.push({ ...common, type: "file", content: await files.readFileBuffer(path) });
  } else {
    entries.push({ ...common, type: "directory", content: NOTHING });
    for (const child of (await files.readdir(path)).sort()) {
      await collect(files, `${path === "/" ? "" : path}/${child}`, `${name}/${child}`, entries);
    }
  }
}

const NOTHING = new Uint8Array(0);

async function extract(request: Request, archive: Buffer, files: IFileSystem) {
  const names: string[] = [];
  for (const entry of readTar(archive)) {
    const isAsked = request.paths.length === 0 || request.paths.some((path) => entry.path.startsWith(path));
    if (!isAsked) continue;
    names.push(entry.path);
    if (request.mode === "x") await put(entry, request.directory, files);
  }
  const isListed = request.mode === "t" || request.isVerbose;
  return { stdout: isListed ? names.map((name) => `${name}\n`).join("") : "", stderr: "", exitCode: 0 };
}

async function put(entry: TarEntry, directory: string, files: IFileSystem): Promise<void> {
  const path = files.resolvePath(directory, entry.path.replace(/^\/+/, "").replace(/\/+$/, ""));
  if (entry.type === "directory") {
    await files.mkdir(path, { recursive: true });
  } else {
    await files.mkdir(path.slice(0, path.lastIndexOf("/")) || "/", { recursive: true });
    if (entry.type === "symlink") {
      if (await exists(files, path)) await files.rm(path, { force: true });
      await files.symlink(entry.target, path);
      return;
    }
    await files.writeFile(path, new Uint8Array(entry.content));
  }
  if (entry.mode !== 0) await files.chmod(path, entry.mode);
}

async function exists(files: IFileSystem, path: string): Promise<boolean> {
  try {
    await files.lstat(path);
    return true;
  } catch {
    return false;
  }
}
