import { takeSnapshot } from "../../simulate/snapshot.ts";
import { parseSteps, type WhatIfStep } from "../../simulate/what-if/step.ts";
import { type Launches, whatIf } from "../../simulate/what-if/what-if.ts";
import type { CommandContext, CommandRun } from "../command.ts";
import { withCluster } from "../connection.ts";
import { UsageError } from "../errors.ts";
import { readFiles } from "../load/read-files.ts";
import { refuseNames } from "../output/refuse-names.ts";
import { printWhatIf } from "../output/what-if.ts";

const NODE = { cpu: "4", memory: "16Gi" };
const POD = { cpu: "1" };

export const run: CommandRun = async (context, input) => {
  refuseNames(context.globals.output, "Answers");
  const { cpu, memory, zone } = input as { cpu?: string; memory?: string; zone?: string };
  const files = input.file as readonly string[];
  const node = { ...NODE, ...(cpu !== undefined && { cpu }), ...(memory !== undefined && { memory }) };
  const defaults = { node, pod: POD, files, ...(zone !== undefined && { zone }) };
  const steps = parseSteps(input.what as readonly string[], defaults);
  const launches = await readLaunches(context, steps);
  if (files.length > 0 && launches.size === 0) {
    throw new UsageError("--file is for launch", "Write it like: kubesim what-if launch -f app.yaml");
  }
  await withCluster(context, async ({ objects }) => {
    const snapshot = await takeSnapshot(objects);
    const result = await whatIf({ snapshot, steps, launches, withinMs: input.within as number });
    await printWhatIf(context, snapshot, result);
  });
};

async function readLaunches(context: CommandContext, steps: readonly WhatIfStep[]): Promise<Launches> {
  const launches = new Map();
  for (const step of steps) {
    if (step.do !== "launch-files") continue;
    const options = {
      resources: new Set(["cpu", "memory"] as const),
      namespace: context.globals.namespace,
      limit: undefined,
    };
    launches.set(step, await readFiles(context.io, step.files, options));
  }
  return launches;
}
