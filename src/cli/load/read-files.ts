import { readFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import { readCsv } from "../../simulate/files/csv.ts";
import type { LoadedDraft } from "../../simulate/files/draft.ts";
import { FileFault } from "../../simulate/files/file-fault.ts";
import { openbKind, readOpenb } from "../../simulate/files/openb.ts";
import { CommandError, ExitCode } from "../errors.ts";
import type { Io } from "../io.ts";

/** How files are read. */
export interface ReadOptions {
  readonly resources: ReadonlySet<"cpu" | "memory">;
  readonly namespace: string;
  /** Only so many objects of each file. */
  readonly limit: number | undefined;
}

/** Reads and checks all files, in order; nothing is created when one of them is wrong. */
export async function readFiles(
  io: Io,
  files: readonly string[],
  options: ReadOptions,
): Promise<LoadedDraft[]> {
  const drafts: LoadedDraft[] = [];
  for (const file of files) {
    const name = file === "-" ? "stdin" : file;
    const text = await readOne(io, file);
    const found = await draftsOf(name, text, options);
    if (found.length === 0) throw new FileFault(name, undefined, undefined, "has no objects in it");
    for (const draft of found.slice(0, options.limit)) drafts.push(draft);
  }
  return drafts;
}

async function draftsOf(file: string, text: string, options: ReadOptions): Promise<LoadedDraft[]> {
  if (looksLikeCsv(file, text)) return readOpenb(file, readCsv(file, text), options);
  const { readManifests } = await import("../../simulate/files/manifests.ts");
  return readManifests(file, text, options.namespace);
}

/** By name, or (stdin) because the first line is a header that we know. */
function looksLikeCsv(file: string, text: string): boolean {
  const firstLine = text.slice(0, text.indexOf("\n") < 0 ? undefined : text.indexOf("\n")).trim();
  return /\.csv$/i.test(file) || openbKind(firstLine.replace(/^\uFEFF/, "").split(",")) !== undefined;
}

async function readOne(io: Io, file: string): Promise<string> {
  if (file === "-") {
    if (io.stdin.isTTY) io.note("Reading from the keyboard; end with Ctrl-D");
    return readAll(io.stdin as NodeJS.ReadableStream);
  }
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const problems: Readonly<Record<string, string>> = {
      ENOENT: "there is no such file",
      EISDIR: "it is a folder",
      EACCES: "it may not be read",
    };
    const code = (error as NodeJS.ErrnoException).code ?? "";
    throw new CommandError(`Couldn't read ${file}: ${problems[code] ?? (error as Error).message}`, {
      hint: "Give files, or - for stdin",
      exitCode: ExitCode.usage,
      reason: "FileUnreadable",
    });
  }
}
