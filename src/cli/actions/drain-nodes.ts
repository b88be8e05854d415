import { ApiError, isReason } from "../../api/errors.ts";
import type { Kind } from "../../api/kind.ts";
import { type Pod, pods } from "../../api/kinds/pod.ts";
import type { Objects } from "../../api/objects.ts";
import type { CommandContext, CommandRun } from "../command.ts";
import { withCluster } from "../connection.ts";
import { CommandError, ExitCode } from "../errors.ts";
import { printObjects } from "../output/print.ts";
import { setCordon } from "./cordon-nodes.ts";
import { podsOn } from "./remove-nodes.ts";
import { requireNodes } from "./require-nodes.ts";
import { waitForPods } from "./wait-for-pods.ts";

/** An eviction that a disruption budget holds back is tried again after this. */
const RETRY_MS = 1_000;

export const run: CommandRun = (context, input) =>
  withCluster(context, async ({ objects }) => {
    const timeoutMs = input.timeout as number;
    const dueMs = context.clock.monotonicMs() + timeoutMs;
    const targets = await requireNodes(objects, input.name as readonly string[]);
    for (const { metadata, spec } of targets) {
      await setCordon(objects, metadata.name, true);
      if (spec.unschedulable !== true) say(context, `node/${metadata.name} cordoned`);
    }
    const evicted: Pod[] = [];
    for (const { metadata } of targets) {
      const leaving = await podsOn(objects, metadata.name);
      for (const pod of leaving) await evict(context, objects, pod, dueMs);
      evicted.push(...leaving);
      const remainingMs = Math.max(1, dueMs - context.clock.monotonicMs());
      await waitForPods(context, objects, leaving, () => false, remainingMs);
      const left = await stillThere(objects, metadata.name, leaving);
      if (left.length > 0) throw tooSlow(metadata.name, left);
      say(context, `node/${metadata.name} drained`);
    }
    if (context.globals.output !== "table") await printObjects(context, pods, evicted);
  });

async function evict(context: CommandContext, objects: Objects, pod: Pod, dueMs: number): Promise<void> {
  const { name, namespace = "default" } = pod.metadata;
  const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace } };
  for (;;) {
    try {
      await objects.act(pods as unknown as Kind, { name, namespace }, "eviction", body);
      return say(context, `pod/${name} evicted`);
    } catch (error) {
      if (isReason(error, "NotFound")) return;
      const late = context.clock.monotonicMs() + RETRY_MS > dueMs;
      if (!(error instanceof ApiError) || error.reason !== "TooManyRequests" || late) throw error;
      await context.clock.sleep(RETRY_MS, context.signal);
    }
  }
}

async function stillThere(
  objects: Objects,
  nodeName: string,
  leaving: readonly Pod[],
): Promise<readonly Pod[]> {
  const uids = new Set(leaving.map((pod) => pod.metadata.uid));
  return (await podsOn(objects, nodeName)).filter((pod) => uids.has(pod.metadata.uid));
}

function tooSlow(node: string, left: readonly Pod[]): CommandError {
  return new CommandError(`${left.length} ${left.length === 1 ? "pod is" : "pods are"} still on ${node}`, {
    hint: "They may need more time to end: --timeout",
    exitCode: ExitCode.timeout,
    reason: "Timeout",
  });
}

function say({ io, globals }: CommandContext, line: string): void {
  if (globals.output === "table") io.result(line);
}
