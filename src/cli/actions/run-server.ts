import { elapsedText } from "../../api/kinds/cluster-clock.ts";
import type { LaunchReport } from "../../client/launch-server.ts";
import { LockHeld } from "../../client/lock.ts";
import { clusterFlag, stateDirectory } from "../../client/state-directory.ts";
import { HeldClock } from "../../clock/held.ts";
import type { HostedCluster } from "../../cluster/host.ts";
import { VERSION } from "../../cluster/version.ts";
import type { CommandContext, CommandRun } from "../command.ts";
import { type ServerInput, virtualOf } from "../commands/server-options.ts";
import { CommandError, Exit, failureOf } from "../errors.ts";
import { interruptCode } from "../interrupt.ts";
import { openServerLog } from "../server-log.ts";

const STOP_LIMIT_MS = 5_000;

export const run: CommandRun = async (context, input) => {
  // Whatever this process creates from here on, LMDB's files too, is for its owner alone.
  process.umask(0o077);
  const isBackground = input.background === true;
  let hosted: HostedCluster;
  try {
    hosted = await host(context, input as unknown as ServerInput, isBackground);
  } catch (error) {
    if (isBackground) await report(failureReport(error));
    throw asCommandError(error, context.globals.cluster);
  }
  if (!isBackground) sayWhere(context, hosted);
  await untilAborted(context.signal);
  if (!isBackground) context.io.note("Stopping… press Ctrl-C again to force");
  const isStopped = await stopWithin(context, hosted);
  if (!isStopped)
    context.io.note(`The server took longer than ${STOP_LIMIT_MS / 1_000} s to stop and was ended`);
  // A server in the background is stopped by SIGTERM: that is its good end.
  throw new Exit(isBackground && isStopped ? 0 : interruptCode(context.signal));
};

async function host(
  context: CommandContext,
  input: ServerInput,
  isBackground: boolean,
): Promise<HostedCluster> {
  const { hostCluster } = await import("../../cluster/host.ts");
  const { clock, globals, io } = context;
  const directory = stateDirectory(globals.cluster, io.env);
  return hostCluster({
    directory,
    clock,
    store: input.store,
    ...(input.dataDir !== undefined && { dataDirectory: input.dataDir }),
    ...(input.port !== undefined && { port: input.port }),
    settings: {
      ...(input.strategy !== undefined && { strategy: input.strategy }),
      ...(input.timing !== undefined && { timingProfile: input.timing }),
      ...(input.seed !== undefined && { seed: input.seed }),
    },
    virtual: virtualOf(input),
    version: VERSION,
    ...(isBackground && { opened: ({ pid, url }) => void report({ state: "ready", pid, url }) }),
    log: openServerLog(directory, clock, isBackground ? io.stderr : undefined),
  });
}

function sayWhere({ io, globals }: CommandContext, { record, cluster }: HostedCluster): void {
  io.note(`Cluster "${globals.cluster}" listens at ${record.url} (pid ${record.pid}, store ${record.store})`);
  const choice = clusterFlag(globals.cluster);
  io.note(`Use it from another terminal: kubesim status${choice}`);
  if (cluster.clock instanceof HeldClock) {
    io.note(
      `Its time stands still at ${elapsedText(cluster.clock.monotonicMs())}: kubesim clock advance 5m${choice}`,
    );
  }
  io.note(`Use it with kubectl: export KUBECONFIG=$(kubesim kubeconfig --path${choice})`);
  io.note("Press Ctrl-C to stop it");
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

async function stopWithin({ clock }: CommandContext, hosted: HostedCluster): Promise<boolean> {
  const stopped = hosted.stop().then(() => true);
  const limit = clock.sleep(STOP_LIMIT_MS).then(() => false);
  return Promise.race([stopped, limit]);
}

/** Tells the launching process, which waits for exactly one message, and lets it go. */
function report(message: LaunchReport): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) return resolve();
    process.send(message, () => {
      if (process.connected) process.disconnect();
      resolve();
    });
  });
}

function failureReport(error: unknown): LaunchReport {
  if (error instanceof LockHeld) return { state: "held", pid: error.owner.pid };
  const { message, hint, exitCode, unexpected } = failureOf(error);
  // A defect's hint would send the person to this process; the log says more.
  return { state: "failed", message, hint: unexpected ? undefined : hint, exitCode };
}

function asCommandError(error: unknown, cluster: string): unknown {
  if (!(error instanceof LockHeld)) return error;
  return new CommandError(`Cluster "${cluster}" is served already, by process ${error.owner.pid}`, {
    reason: "AlreadyRunning",
    hint: `Stop it with: kubesim server stop${clusterFlag(cluster)}; or choose another cluster with --cluster NAME`,
  });
}
