import { type FileHandle, mkdir, open, readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { didYouMean } from "../../lib/did-you-mean.ts";
import { CommandError, ExitCode } from "../errors.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the event logs of chaos runs are kept: `$XDG_STATE_HOME/kubesim/chaos`. */
export function runsFolder(env: Environment): string {
  const state = env.XDG_STATE_HOME;
  const base =
    state !== undefined && isAbsolute(state) ? state : join(env.HOME ?? homedir(), ".local", "state");
  return join(base, "kubesim", "chaos");
}

/** The file of a run's event log; its folder is made. */
export async function runFile(env: Environment, runId: string): Promise<string> {
  const folder = runsFolder(env);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return join(folder, `${runId}.jsonl`);
}

/** Ids of the runs that are kept, the oldest first. */
export async function savedRuns(env: Environment): Promise<string[]> {
  const folder = runsFolder(env);
  const files = await readdir(folder).catch(() => []);
  const logs = files.filter((file) => file.endsWith(".jsonl"));
  const dated = await Promise.all(
    logs.map(async (file) => ({ file, writtenMs: (await stat(join(folder, file))).mtimeMs })),
  );
  dated.sort((a, b) => a.writtenMs - b.writtenMs || (a.file < b.file ? -1 : 1));
  return dated.map(({ file }) => file.slice(0, -".jsonl".length));
}

/** The run that was written last; fails when there is none. */
export async function lastRun(env: Environment): Promise<string> {
  const last = (await savedRuns(env)).at(-1);
  if (last !== undefined) return last;
  throw new CommandError("There was no chaos run yet", {
    hint: "Make one: kubesim chaos",
    reason: "NotFound",
  });
}

/** Opens the event log of a run, by its id or by the path of its file. */
export async function openRun(
  env: Environment,
  run: string,
): Promise<{ readonly file: string; readonly handle: FileHandle }> {
  const isPath = run.includes("/") || run.endsWith(".jsonl");
  const file = isPath ? run : join(runsFolder(env), `${run}.jsonl`);
  try {
    return { file, handle: await open(file) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    const known = await savedRuns(env);
    const close = didYouMean(run, known);
    const list =
      known.length === 0 ? "There is none yet: kubesim chaos" : `There are ${known.slice(-5).join(", ")}`;
    throw new CommandError(`Couldn't find the chaos run ${run}`, {
      hint: close === undefined ? list : `Did you mean "${close}"?`,
      reason: "NotFound",
      exitCode: ExitCode.failed,
    });
  }
}
