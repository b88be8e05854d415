import { GPU_MILLI } from "../../api/gpu.ts";
import { type Pod, pods } from "../../api/kinds/pod.ts";
import type { Draft } from "../../api/meta.ts";
import type { Objects } from "../../api/objects.ts";
import { Annotation } from "../../api/well-known.ts";
import type { CommandContext, CommandRun } from "../command.ts";
import { withCluster } from "../connection.ts";
import { CommandError, Exit, ExitCode } from "../errors.ts";
import { printPlacements } from "../output/placements.ts";
import { printObject, printObjects } from "../output/print.ts";
import { createNamed } from "./create.ts";
import { isDecided, isStarted, waitForPods } from "./wait-for-pods.ts";

/** So long a launch waits for the scheduler's word without --wait. */
const DECISION_WAIT_MS = 2_000;

interface Input {
  readonly name?: string;
  readonly cpu: string;
  readonly memory?: string;
  readonly gpu: number;
  readonly gpuMilli: number;
  readonly count: number;
  readonly duration?: string;
  readonly priority?: number;
  readonly nodeSelector: readonly (readonly [string, string])[];
  readonly image: string;
  readonly label: readonly (readonly [string, string])[];
  readonly restartPolicy?: "Always" | "OnFailure" | "Never";
  readonly wait: boolean;
  readonly timeout: number;
}

export const run: CommandRun = (context, values) =>
  withCluster(context, async ({ objects }) => {
    const input = values as unknown as Input;
    const { namespace } = context.globals;
    const created = await createNamed(context, objects, {
      kind: pods,
      namespace,
      count: input.count,
      name: input.name,
      prefix: "pod",
      draft: (name) => podDraft(name, namespace, input),
    });
    const known = await settle(context, objects, created, input);
    await print(context, objects, known);
    if (input.wait && !known.every(isStarted)) throw notStarted(known, input.timeout);
  });

/** Waits for the scheduler's word (or, with --wait, until all run) and returns the pods as they are then. */
async function settle(
  context: CommandContext,
  objects: Objects,
  created: readonly Pod[],
  input: Input,
): Promise<readonly Pod[]> {
  const until = input.wait ? isStarted : isDecided;
  const limitMs = input.wait ? input.timeout : DECISION_WAIT_MS;
  return waitForPods(context, objects, created, until, limitMs);
}

async function print(context: CommandContext, objects: Objects, known: readonly Pod[]): Promise<void> {
  if (context.globals.output === "table") return printPlacements(context, objects, known);
  if (known.length === 1) await printObject(context, pods, known[0] as Pod);
  else await printObjects(context, pods, known);
}

function notStarted(known: readonly Pod[], timeoutMs: number): Error {
  const waiting = known.filter((pod) => !isStarted(pod));
  if (timeoutMs === 0) return new Exit(ExitCode.timeout);
  const [first] = waiting;
  return new CommandError(`${waiting.length} of ${known.length} pods do not run yet`, {
    hint: `See why with: kubesim explain pod ${first?.metadata.name}`,
    exitCode: ExitCode.timeout,
    reason: "Timeout",
  });
}

function podDraft(name: string, namespace: string, input: Input): Draft<Pod> {
  // Kubernetes wants limits for what cannot be overcommitted.
  const limits = {
    ...(input.gpu > 0 && { "nvidia.com/gpu": String(input.gpu) }),
    ...(input.gpuMilli > 0 && { [GPU_MILLI]: String(input.gpuMilli) }),
  };
  const requests = {
    cpu: input.cpu,
    ...(input.memory !== undefined && { memory: input.memory }),
    ...limits,
  };
  const resources = { requests, ...(Object.keys(limits).length > 0 && { limits }) };
  const labels = Object.fromEntries(input.label);
  const nodeSelector = Object.fromEntries(input.nodeSelector);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace,
      ...(input.label.length > 0 && { labels }),
      ...(input.duration !== undefined && { annotations: { [Annotation.duration]: input.duration } }),
    },
    spec: {
      containers: [{ name: "main", image: input.image, resources }],
      restartPolicy: input.restartPolicy ?? (input.duration === undefined ? "Always" : "Never"),
      ...(input.priority !== undefined && { priority: input.priority }),
      ...(input.nodeSelector.length > 0 && { nodeSelector }),
    },
    status: { phase: "Pending" },
  };
}
