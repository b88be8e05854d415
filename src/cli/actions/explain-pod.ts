import { isReason } from "../../api/errors.ts";
import type { Pod } from "../../api/kinds/pod.ts";
import { type SchedulingDecision, schedulingDecisions } from "../../api/kinds/scheduling-decision.ts";
import type { Objects } from "../../api/objects.ts";
import type { CommandRun } from "../command.ts";
import { withCluster } from "../connection.ts";
import { explanation } from "../output/explanation.ts";
import { printValue } from "../output/print.ts";
import { requirePod } from "./require-nodes.ts";

export const run: CommandRun = (context, input) =>
  withCluster(context, async ({ objects }) => {
    const { io, globals, time } = context;
    const pod = await requirePod(objects, input.name as string, globals.namespace);
    const decision = await decisionOf(objects, pod);
    if (globals.output === "table" || globals.output === "wide") {
      for (const line of explanation(pod, decision, time.now(), (text) => io.paint("bold", text)))
        io.result(io.advice(line));
    } else if (globals.output === "name") {
      io.result(pod.spec.nodeName === undefined ? "<none>" : `node/${pod.spec.nodeName}`);
    } else {
      await printValue(
        context,
        decision ?? { podUid: pod.metadata.uid, nodeName: pod.spec.nodeName ?? null },
      );
    }
  });

/** The newest decision about this very pod, or undefined when there is none (any more). */
export async function decisionOf(objects: Objects, pod: Pod): Promise<SchedulingDecision | undefined> {
  const { name, namespace = "default", uid } = pod.metadata;
  try {
    const decision = await objects.get(schedulingDecisions, { name, namespace });
    return decision.podUid === uid ? decision : undefined;
  } catch (error) {
    if (isReason(error, "NotFound")) return undefined;
    throw error;
  }
}
