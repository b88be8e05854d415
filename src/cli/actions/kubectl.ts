import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { ensureServer } from "../../client/launch.ts";
import { stateDirectory } from "../../client/state-directory.ts";
import type { CommandContext, CommandRun } from "../command.ts";
import { CommandError, Exit, UsageError } from "../errors.ts";
import { Interrupted } from "../interrupt.ts";

/** What a shell answers when there is no such program. */
const NOT_FOUND = 127;
const SIGNALLED = 128;

export const run: CommandRun = async (context, input) => {
  const { globals, io } = context;
  if (globals.server !== undefined || globals.context !== undefined) {
    throw new UsageError(
      "kubesim kubectl is about a cluster of this machine",
      "Leave --server and --context out (KUBESIM_SERVER and KUBESIM_CONTEXT count as well)",
    );
  }
  const directory = stateDirectory(globals.cluster, io.env);
  await ensureServer(directory, context);
  const env = {
    ...io.env,
    KUBECONFIG: directory.kubeconfig,
    // Beside the cluster, so that a new one on an old port does not get the old one's discovery.
    KUBECACHEDIR: io.env.KUBECACHEDIR ?? join(directory.path, "kubectl-cache"),
  };
  const words = (input.words ?? []) as readonly string[];
  throw new Exit(await runKubectl(context, words, env));
};

/** Runs it on this terminal. @returns its exit code, or what a shell says of a signal */
function runKubectl(
  { io, signal }: CommandContext,
  words: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const program = io.env.KUBESIM_KUBECTL || "kubectl";
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { env, stdio: "inherit" });
    const forward = () => {
      const isCtrlC = signal.reason instanceof Interrupted && signal.reason.exitCode === SIGNALLED + 2;
      // Ctrl-C reaches the whole terminal's group by itself; what came to this process alone is passed on.
      child.kill(isCtrlC ? "SIGINT" : "SIGTERM");
    };
    if (signal.aborted) forward();
    else signal.addEventListener("abort", forward, { once: true });
    child.on("error", (error: NodeJS.ErrnoException) => reject(explain(program, error)));
    child.on("exit", (code, name) => {
      signal.removeEventListener("abort", forward);
      resolve(code ?? SIGNALLED + (name === null ? 0 : constants.signals[name]));
    });
  });
}

function explain(program: string, error: NodeJS.ErrnoException): Error {
  if (error.code === "ENOENT") {
    const where = program === "kubectl" ? "There is no kubectl on PATH" : `There is no ${program}`;
    return new CommandError(where, {
      hint: "Install it (https://kubernetes.io/docs/tasks/tools), or name one: KUBESIM_KUBECTL=/path/to/kubectl",
      exitCode: NOT_FOUND,
      reason: "NoKubectl",
    });
  }
  return new CommandError(`${program} could not be started: ${error.message}`, { reason: "NoKubectl" });
}
