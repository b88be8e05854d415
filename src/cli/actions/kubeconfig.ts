import { readFile } from "node:fs/promises";
import { ensureServer } from "../../client/launch.ts";
import { stateDirectory } from "../../client/state-directory.ts";
import type { CommandContext, CommandRun } from "../command.ts";
import { UsageError } from "../errors.ts";

export const run: CommandRun = async (context, input) => {
  const { globals, io } = context;
  if (input.path === true && input.merge === true) {
    throw new UsageError("--path and --merge do not go together", "Give one of them");
  }
  if (globals.server !== undefined || globals.context !== undefined) {
    throw new UsageError(
      "kubeconfig is about a cluster of this machine",
      "Leave --server and --context out (KUBESIM_SERVER and KUBESIM_CONTEXT count as well)",
    );
  }
  const directory = stateDirectory(globals.cluster, io.env);
  // The file is only worth having with a server behind it.
  await ensureServer(directory, context);
  if (input.path === true) return io.result(directory.kubeconfig);
  if (input.merge === true) return merge(context);
  io.stdout.write(await readFile(directory.kubeconfig, "utf8"));
};

async function merge({ globals, io, clock }: CommandContext): Promise<void> {
  const { kubeconfigPaths } = await import("../../client/kubeconfig.ts");
  const { mergeIntoFile } = await import("../../client/kubeconfig-merge.ts");
  const { readOwnCluster } = await import("../../client/own-cluster.ts");
  const own = await readOwnCluster(stateDirectory(globals.cluster, io.env));
  const [path] = kubeconfigPaths(io.env);
  const result = await mergeIntoFile(path as string, own, clock.now());
  io.result(`context/${result.context} ${result.changed ? "merged" : "unchanged"}`);
  if (result.backup !== undefined) io.note(`The file as it was: ${result.backup}`);
  io.note(
    result.isCurrent
      ? `It is the current context of ${result.path}`
      : `Use it with: kubectl --context ${result.context} get nodes`,
  );
}
