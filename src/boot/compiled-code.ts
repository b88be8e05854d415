import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import { CodeStore, codeStorePath } from "./code-store.ts";

/** A chunk that was compiled in this process, and how often what is kept of it has been written. */
interface Compiled {
  readonly name: string;
  readonly script: Script;
  readonly timesWritten: number;
}

/**
 * A run compiles what it comes through, and that is added to what the runs before it left. After so many runs there is
 * little to add.
 */
const WRITTEN_MAX = 5;
/** A server has answered its first questions by then. */
const SETTLED_MS = 2_000;
/** What Node puts around a CommonJS module. */
const HEAD = "(function (exports, require, module, __filename, __dirname) { ";
const TAIL = "\n})";
/** Folder beside the chunks, with what the build has left compiled: for the very first run, where Node is the same. */
const SHIPPED = "code";
/** Name of the chunk that imports what is no chunk, as only code can that Node has compiled by itself. */
const IMPORTING = "importing-";

type Wrapped = (
  this: unknown,
  exports: unknown,
  require: (id: string) => unknown,
  module: NodeJS.Module,
  filename: string,
  directory: string,
) => void;

/**
 * Keeps the bundle's chunks compiled from one run of the program to the next: loading them is mostly compiling. Node 20
 * cannot do that, and later ones keep less of it. A chunk of which nothing good is kept is compiled as ever.
 *
 * `own` is the URL of the program's entry; the chunks are in the folder `chunks` beside it. Sources are left alone.
 * `flags` are Node's arguments that hold while it compiles.
 */
export function keepCompiledCode(own: string, flags: readonly string[], process: NodeJS.Process): void {
  const { env, version, platform, arch } = process;
  if (own.endsWith(".ts") || env.NODE_DISABLE_COMPILE_CACHE !== undefined) return;
  const path = codeStorePath(env);
  if (path === undefined) return;
  // Code that was compiled under other flags is of no use.
  const way = [version, platform, arch, ...flags, env.NODE_OPTIONS].join(" ");
  const store = new CodeStore(path, way);
  const shipped = new CodeStore(join(dirname(fileURLToPath(own)), SHIPPED), way, { shipped: true });
  const compiled: Compiled[] = [];
  const keep = () => {
    for (const { name, script, timesWritten } of compiled.splice(0)) {
      store.write(name, script.createCachedData(), timesWritten + 1);
    }
  };
  process.once("exit", keep);
  setTimeout(keep, SETTLED_MS).unref();
  loadChunks(own, (filename) => {
    const name = basename(filename);
    const kept = store.read(name);
    const script = compile(filename, (kept ?? shipped.read(name))?.code);
    const timesWritten = script.cachedDataRejected === false ? (kept?.timesWritten ?? 0) : 0;
    if (timesWritten < WRITTEN_MAX) compiled.push({ name, script, timesWritten });
    return script;
  });
}

/** Has the program's chunks compiled in another way than Node's. */
function loadChunks(own: string, compileChunk: (filename: string) => Script): void {
  const chunks = join(dirname(fileURLToPath(own)), "chunks") + sep;
  const importing = chunks + IMPORTING;
  const { extensions } = createRequire(own);
  const load = extensions[".js"];
  extensions[".js"] = (module: NodeJS.Module, filename: string) => {
    if (!filename.startsWith(chunks) || filename.startsWith(importing)) return load(module, filename);
    const wrapped = compileChunk(filename).runInThisContext() as Wrapped;
    const require = (id: string) => module.require(id);
    wrapped.call(module.exports, module.exports, require, module, filename, dirname(filename));
  };
}

function compile(filename: string, code: Buffer | undefined): Script {
  return new Script(HEAD + readFileSync(filename, "utf8") + TAIL, {
    filename,
    columnOffset: -HEAD.length,
    ...(code !== undefined && { cachedData: code }),
  });
}
