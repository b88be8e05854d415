import { leastOf } from "../generate/distribution.ts";
import { nodeCapacities } from "../prepare.ts";
import type { PreparedScenario } from "../prepared.ts";
import type { Generator } from "./scenario.ts";

/** A generator of which every pod is larger than any node. */
export interface GeneratorFault {
  /** Of the generator, in `scenario.workload`. */
  readonly index: number;
  readonly field: "cpu" | "memory";
  readonly problem: string;
}

/** Generators whose pods can never start. What large pods others may draw only the run can tell. */
export function generatorFaults({ scenario, nodes }: PreparedScenario): readonly GeneratorFault[] {
  const capacities = nodeCapacities(scenario, nodes);
  return scenario.workload.flatMap((source, index): readonly GeneratorFault[] => {
    if ("file" in source) return [];
    const asked = leastDemand(source);
    const problem = capacities.refusal("every pod", asked);
    if (problem === undefined) return [];
    return [
      { index, field: capacities.refusal("", { cpu: asked.cpu }) === undefined ? "memory" : "cpu", problem },
    ];
  });
}

/** In the scheduler's units. */
function leastDemand({ cpu, memory }: Generator) {
  return { cpu: Math.round(leastOf(cpu) * 1_000), memory: Math.round(leastOf(memory)) };
}
