import { DEVICE_MILLI, GPU_MILLI } from "../../api/gpu.ts";
import { type Node, nodes } from "../../api/kinds/node.ts";
import type { Draft } from "../../api/meta.ts";
import { Label } from "../../api/well-known.ts";
import type { CommandRun } from "../command.ts";
import { withCluster } from "../connection.ts";
import { printCreated } from "../output/changed.ts";
import type { TaintText } from "../values.ts";
import { createNamed } from "./create.ts";

interface Input {
  readonly name?: string;
  readonly cpu: string;
  readonly memory: string;
  readonly gpu: number;
  readonly sharedGpu: number;
  readonly gpuModel?: string;
  readonly maxPods: number;
  readonly count: number;
  readonly zone?: string;
  readonly label: readonly (readonly [string, string])[];
  readonly taint: readonly TaintText[];
}

export const run: CommandRun = (context, values) =>
  withCluster(context, async ({ objects }) => {
    const input = values as unknown as Input;
    const created = await createNamed(context, objects, {
      kind: nodes,
      count: input.count,
      name: input.name,
      prefix: "node",
      draft: (name) => nodeDraft(name, input),
    });
    await printCreated(context, nodes, created);
  });

function nodeDraft(name: string, input: Input): Draft<Node> {
  const capacity = {
    cpu: input.cpu,
    memory: input.memory,
    ...(input.gpu > 0 && { "nvidia.com/gpu": String(input.gpu) }),
    ...(input.sharedGpu > 0 && { [GPU_MILLI]: String(input.sharedGpu * DEVICE_MILLI) }),
    pods: String(input.maxPods),
  };
  const labels = {
    [Label.hostname]: name,
    ...(input.zone !== undefined && { [Label.zone]: input.zone }),
    ...(input.gpuModel !== undefined && { [Label.gpuModel]: input.gpuModel }),
    ...Object.fromEntries(input.label),
  };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels },
    spec: input.taint.length > 0 ? { taints: input.taint } : {},
    status: { capacity, allocatable: capacity },
  };
}
