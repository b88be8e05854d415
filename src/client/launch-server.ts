import { type ChildProcess, spawn } from "node:child_process";
import { open, readFile, rename, stat } from "node:fs/promises";
import type { Clock } from "../clock/clock.ts";
import { LocalError } from "./errors.ts";
import { explainFileError, PRIVATE_FILE } from "./private-files.ts";
import { makeStateDirectory, type StateDirectory } from "./state-directory.ts";

/** What a server in the background tells the process that launched it, once. */
export type LaunchReport =
  | { readonly state: "ready"; readonly pid: number; readonly url: string }
  /** Another server of this cluster was quicker. */
  | { readonly state: "held"; readonly pid: number }
  | {
      readonly state: "failed";
      readonly message: string;
      readonly hint: string | undefined;
      readonly exitCode: number;
    };

/** How to launch. */
export interface LaunchOptions {
  /** The command line that runs kubesim, without arguments. */
  readonly program: readonly string[];
  /** Further arguments of `server run`, such as `--port`. */
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Called as soon as the server's process is there: what can be done while it starts. */
  readonly meanwhile: () => void;
  /** Gives the launch up; the server is told to end. */
  readonly signal?: AbortSignal;
}

const LOG_LIMIT_BYTES = 8 * 1024 * 1024;
const LAST_LINES = 8;
/** Reading a large store takes seconds; a server that says nothing for longer hangs. */
const READY_LIMIT_MS = 60_000;

/**
 * Starts a server that outlives this process, its output in server.log, and waits until it is ready.
 * Fails with LocalError, and the last lines of its log, when it ends before that.
 */
export async function launchServer(
  directory: StateDirectory,
  options: LaunchOptions,
): Promise<Exclude<LaunchReport, { state: "failed" }>> {
  await makeStateDirectory(directory);
  const log = await openLog(directory.log);
  try {
    const { size } = await log.stat();
    const reported = reportOf(spawnDetached(directory, options, log.fd), options);
    options.meanwhile();
    const report = await reported;
    if (typeof report !== "string" && report.state !== "failed") return report;
    if (typeof report !== "string" && report.hint !== undefined) {
      throw new LocalError(report.message, report.hint, { exitCode: report.exitCode });
    }
    const problem = typeof report === "string" ? report : report.message;
    throw await diedEarly(directory, problem, size);
  } finally {
    await log.close();
  }
}

function spawnDetached(directory: StateDirectory, options: LaunchOptions, logFd: number): ChildProcess {
  const [command, ...first] = options.program;
  const { cluster, path } = directory;
  const args = [...first, "server", "run", "--background", "--cluster", cluster, ...options.arguments];
  // A session of its own: neither Ctrl-C nor the end of the terminal reaches it. It stands in its state directory, so
  // that it keeps nobody's working directory from being removed.
  return spawn(command as string, args, {
    cwd: path,
    detached: true,
    env: environmentOf(options),
    stdio: ["ignore", logFd, logFd, "ipc"],
  });
}

/** A server calls nobody, and Node would read every authority of that file before it does anything (40 ms). */
function environmentOf({ environment }: LaunchOptions): LaunchOptions["environment"] {
  const { NODE_EXTRA_CA_CERTS: _, ...others } = environment;
  return others;
}

/** The child's one message, or how it ended without. */
function reportOf(child: ChildProcess, { clock, signal }: LaunchOptions): Promise<LaunchReport | string> {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      child.kill("SIGTERM");
      reject(signal?.reason);
      settle("given up");
    };
    const limit = clock.after(READY_LIMIT_MS, () => {
      child.kill("SIGKILL");
      settle(`not ready within ${READY_LIMIT_MS / 1_000} s`);
    });
    const settle = (report: LaunchReport | string) => {
      limit.cancel();
      signal?.removeEventListener("abort", giveUp);
      child.removeAllListeners();
      if (child.connected) child.disconnect();
      child.unref();
      resolve(report);
    };
    signal?.addEventListener("abort", giveUp, { once: true });
    child.once("message", (message) => settle(message as LaunchReport));
    child.once("error", (error) => settle(error.message));
    child.once("exit", (code, killedBy) => {
      const end = () => settle(killedBy ?? `exit code ${code}`);
      // Its message may still be in the channel.
      if (child.connected) child.once("disconnect", end);
      else end();
    });
  });
}

/** Appends; a log that has grown long is put aside first. */
async function openLog(path: string) {
  try {
    const size = await stat(path).then(
      (state) => state.size,
      () => 0,
    );
    if (size > LOG_LIMIT_BYTES) await rename(path, `${path}.1`);
    const log = await open(path, "a", PRIVATE_FILE);
    await log.chmod(PRIVATE_FILE);
    return log;
  } catch (error) {
    throw explainFileError(path, error);
  }
}

async function diedEarly(directory: StateDirectory, problem: string, logStart: number): Promise<LocalError> {
  const log = (await readFile(directory.log)).subarray(logStart).toString();
  const lines = log.trimEnd().split("\n").slice(-LAST_LINES);
  const said = lines.join("\n  ").trim();
  return new LocalError(
    `The server of cluster "${directory.cluster}" ended while it started (${problem})${said && `:\n  ${said}`}`,
    `Its whole log: ${directory.log}`,
  );
}
