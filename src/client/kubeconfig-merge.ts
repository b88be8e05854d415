import { chmod, copyFile, mkdir, open, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { isMap, isScalar, isSeq, type Pair, parseDocument, type YAMLMap, type YAMLSeq } from "yaml";
import { codeOf, LocalError } from "./errors.ts";
import { parseKubeconfig } from "./kubeconfig.ts";
import { contextName, kubeconfigItems, type OwnCluster, ownKubeconfig } from "./own-kubeconfig.ts";
import { explainFileError, PRIVATE_FILE, writePrivateFile } from "./private-files.ts";

/** What a merge did. */
export interface MergeResult {
  readonly path: string;
  /** The file as it was before; absent when nothing changed or there was none. */
  readonly backup?: string;
  readonly changed: boolean;
  readonly context: string;
  /** True when it is the file's current context. */
  readonly isCurrent: boolean;
}

/**
 * Writes a cluster into a kubeconfig. Everything else in the file stays byte for byte; a copy is kept beside it. The
 * current context is set only where there was none. `now` is in ms since the epoch and names the copy.
 */
export async function mergeIntoFile(path: string, own: OwnCluster, now: number): Promise<MergeResult> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw explainFileError(path, error);
  });
  return withFileLock(path, async () => {
    const before = await readOrEmpty(path);
    const after = mergedText(before, own, path);
    const context = contextName(own.cluster);
    const current = (parseKubeconfig(after, path) as { "current-context"?: string })["current-context"];
    const result = { path, changed: after !== before, context, isCurrent: current === context };
    if (!result.changed) return result;
    if (before === "") {
      await writePrivateFile(path, after);
      return result;
    }
    const backup = `${path}.kubesim-backup-${new Date(now).toISOString().replace(/[-:]|\.\d+/g, "")}`;
    await copyFile(path, backup);
    await chmod(backup, PRIVATE_FILE);
    await writePrivateFile(path, after);
    return { ...result, backup };
  });
}

/** The text with the cluster put in or replaced. Fails with LocalError where that is not safe. */
export function mergedText(text: string, own: OwnCluster, path: string): string {
  const before = parseKubeconfig(text, path);
  if (Object.keys(before).length === 0)
    return text === "" ? ownKubeconfig(own) : `${endLine(text)}${ownKubeconfig(own)}`;
  const items = kubeconfigItems(own);
  let result = text;
  for (const key of ["clusters", "contexts", "users"] as const) {
    result = withItem(result, key, contextName(own.cluster), items[key]);
  }
  result = withCurrentContext(result, contextName(own.cluster));
  checkMerge(before, result, own, path);
  return result;
}

function withItem(text: string, key: string, name: string, item: string): string {
  const pair = pairOf(text, key);
  if (pair === undefined) return `${endLine(text)}${key}:\n${item}`;
  const list = pair.value;
  if (!isSeq(list) || list.items.length === 0) return replaceByList(text, pair, item);
  return list.flow ? withFlowItem(text, list, name, item) : withBlockItem(text, list, name, item);
}

function withBlockItem(text: string, list: YAMLSeq, name: string, item: string): string {
  const first = rangeOf(list.items[0]);
  const dash = text.lastIndexOf("-", first.start);
  const indent = text.slice(text.lastIndexOf("\n", dash) + 1, dash);
  const block = item.replace(/^(?=.)/gm, indent);
  const present = list.items.find((candidate) => nameOf(candidate) === name);
  if (present === undefined) {
    const { end } = rangeOf(list);
    return `${endLine(text.slice(0, end))}${block}${text.slice(end)}`;
  }
  const { start, end } = rangeOf(present);
  const ownDash = text.lastIndexOf("-", start);
  const lineStart = text.lastIndexOf("\n", ownDash) + 1;
  return `${text.slice(0, lineStart)}${block}${text.slice(end)}`;
}

/** `[{...}, {...}]`, as in a kubeconfig written as JSON. */
function withFlowItem(text: string, list: YAMLSeq, name: string, item: string): string {
  const json = JSON.stringify((parseDocument(item).toJS() as unknown[])[0]);
  const present = list.items.find((candidate) => nameOf(candidate) === name);
  const { start, end } = rangeOf(present ?? list.items[list.items.length - 1]);
  return present === undefined
    ? `${text.slice(0, end)}, ${json}${text.slice(end)}`
    : `${text.slice(0, start)}${json}${text.slice(end)}`;
}

function withCurrentContext(text: string, name: string): string {
  const pair = pairOf(text, "current-context");
  if (pair === undefined)
    return text.trimStart().startsWith("{") ? text : `${endLine(text)}current-context: ${name}\n`;
  const { value } = pair;
  if (isScalar(value) && typeof value.value === "string" && value.value !== "") return text;
  return replaceValue(text, pair, ` ${JSON.stringify(name)}`);
}

/** Puts a value behind `key:`; what stood there (nothing, null, [] or "") goes, a comment behind it stays. */
function replaceValue(text: string, pair: Pair, value: string): string {
  const keyEnd = text.indexOf(":", rangeOf(pair.key).end) + 1;
  const valueEnd = pair.value === null ? keyEnd : Math.max(keyEnd, rangeOf(pair.value).end);
  return `${text.slice(0, keyEnd)}${value}${text.slice(valueEnd)}`;
}

/** Puts a list below `key:`, in place of an empty one. */
function replaceByList(text: string, pair: Pair, items: string): string {
  const emptied = replaceValue(text, pair, "");
  const keyEnd = emptied.indexOf(":", rangeOf(pair.key).end) + 1;
  const lineEnd = emptied.indexOf("\n", keyEnd);
  if (lineEnd < 0) return `${emptied}\n${items}`;
  return `${emptied.slice(0, lineEnd + 1)}${items}${emptied.slice(lineEnd + 1)}`;
}

function pairOf(text: string, key: string): Pair | undefined {
  const { contents } = parseDocument(text);
  if (!isMap(contents)) return undefined;
  return (contents as YAMLMap).items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

function nameOf(item: unknown): unknown {
  return isMap(item) ? item.get("name") : undefined;
}

function rangeOf(node: unknown): { readonly start: number; readonly end: number } {
  const range = (node as { range?: readonly [number, number, number] | null }).range;
  return { start: range?.[0] ?? 0, end: range?.[1] ?? 0 };
}

function endLine(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

/** Reads the result back: it must be the old content with this cluster in it, and nothing else. */
function checkMerge(before: object, result: string, own: OwnCluster, path: string): void {
  const name = contextName(own.cluster);
  const others = (config: object) =>
    Object.fromEntries(
      Object.entries(config)
        .filter(([key]) => key !== "current-context")
        .map(([key, value]) => [key, withoutName(value, name)]),
    );
  const emptied = { clusters: [], contexts: [], users: [] };
  let after: object;
  try {
    after = parseKubeconfig(result, path);
  } catch (cause) {
    throw unsafe(path, cause);
  }
  const isSame = isDeepStrictEqual({ ...emptied, ...others(before) }, { ...emptied, ...others(after) });
  const wanted = parseKubeconfig(ownKubeconfig(own), path) as Record<string, unknown[]>;
  const holdsOwn = ["clusters", "contexts", "users"].every((key) =>
    ((after as Record<string, unknown[]>)[key] ?? []).some((item) =>
      isDeepStrictEqual(item, wanted[key]?.[0]),
    ),
  );
  if (!isSame || !holdsOwn) throw unsafe(path);
}

function withoutName(value: unknown, name: string): unknown {
  if (value === null) return [];
  return Array.isArray(value) ? value.filter((item: { name?: string }) => item?.name !== name) : value;
}

function unsafe(path: string, cause?: unknown): LocalError {
  return new LocalError(
    `Couldn't merge into ${path} without changing something else in it`,
    "Use the cluster's own file instead: export KUBECONFIG=$(kubesim kubeconfig --path)",
    { cause },
  );
}

/** kubectl's way of keeping others out: a file with `.lock` behind the name. */
async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  try {
    await (await open(lock, "wx", PRIVATE_FILE)).close();
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw explainFileError(path, error);
    throw new LocalError(`${path} is being changed by another program`, `If none is running, remove ${lock}`);
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "";
    throw explainFileError(path, error);
  }
}
