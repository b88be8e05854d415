import { readFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import type { Kind } from "../../api/kind.ts";
import { KINDS } from "../../api/registry.ts";
import { FileFault } from "../../lib/file-fault.ts";
import { whyUnreadable } from "../../lib/file-problem.ts";
import { readCsv } from "../../simulate/files/csv.ts";
import type { LoadedDraft } from "../../simulate/files/draft.ts";
import type { Manifest } from "../../simulate/files/manifests.ts";
import { type OpenbResource, openbKind, readOpenb } from "../../simulate/files/openb.ts";
import { CommandError, ExitCode } from "../errors.ts";
import type { Io } from "../io.ts";
import { definedKinds } from "./defined-kinds.ts";

/** How files are read. */
export interface ReadOptions {
  readonly resources: ReadonlySet<OpenbResource>;
  readonly namespace: string;
  /** Only so many objects of each file. */
  readonly limit: number | undefined;
  /** The kinds that the cluster has beside those built in; asked only when a file has one that is not known. */
  readonly customKinds?: () => Promise<readonly Kind[]>;
}

/** Reads and checks all files, in order; nothing is created when one of them is wrong. */
export async function readFiles(
  io: Io,
  files: readonly string[],
  options: ReadOptions,
): Promise<LoadedDraft[]> {
  const contents: Content[] = [];
  for (const file of files) {
    const name = file === "-" ? "stdin" : file;
    const content = await contentOf(name, await readOne(io, file), options);
    if (content.length === 0) throw new FileFault(name, undefined, undefined, "has no objects in it");
    contents.push(content.slice(0, options.limit) as Content);
  }
  const manifests = contents.flat().filter(isManifest);
  const kinds = manifests.length === 0 ? KINDS : await kindsOf(manifests, options.customKinds);
  const { draftOf } = await import("../../simulate/files/manifests.ts");
  return contents.flat().map((item) => (isManifest(item) ? draftOf(item, options.namespace, kinds) : item));
}

/** Rows of traces are objects already; manifests wait until it is known which kinds there are. */
type Content = readonly (LoadedDraft | Manifest)[];

function isManifest(item: LoadedDraft | Manifest): item is Manifest {
  return "object" in item;
}

async function contentOf(file: string, text: string, options: ReadOptions): Promise<Content> {
  if (looksLikeCsv(file, text)) return readOpenb(file, readCsv(file, text), options);
  const { parseManifests } = await import("../../simulate/files/manifests.ts");
  return parseManifests(file, text);
}

/** Those that are built in, those that the files define and, when that is not enough, those of the cluster. */
async function kindsOf(
  manifests: readonly Manifest[],
  customKinds: ReadOptions["customKinds"],
): Promise<readonly Kind[]> {
  const { findKind } = await import("../../simulate/files/manifests.ts");
  const kinds = [...KINDS, ...manifests.flatMap(({ object }) => definedKinds(object))];
  const isCustom = manifests.some((manifest) => {
    const hasGroup = String(manifest.object.apiVersion).includes(".");
    return hasGroup && findKind(manifest, kinds) === undefined;
  });
  return isCustom && customKinds !== undefined ? [...kinds, ...(await customKinds())] : kinds;
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
    throw new CommandError(`Couldn't read ${file}: ${whyUnreadable(error)}`, {
      hint: "Give files, or - for stdin",
      exitCode: ExitCode.usage,
      reason: "FileUnreadable",
    });
  }
}
