import { UsageError } from "../errors.ts";
import type { SimulateInput } from "./flags.ts";

type Flag = keyof SimulateInput;

/** Flags that say more about what another one brings: without it they would be for nothing. */
const SAY_MORE_ABOUT: readonly (readonly [flags: readonly Flag[], about: readonly Flag[]])[] = [
  [["everyNode", "selectNodes"], ["nodes"]],
  [["onDemand"], ["node"]],
  [["limitPods", "arrivals", "order", "demand"], ["pods"]],
  [["resources"], ["pods", "nodes"]],
  [["podCount", "podCpu", "podMemory", "podGpu", "podDuration"], ["generate"]],
  [["recoveryProb", "tick"], ["failureProb"]],
  [["fault"], ["preset", "mtbf", "mttr", "failureProb"]],
];

/** Refuses flags that would change nothing, beside a scenario file too, whose fields are replaced whole. */
export function refuseIdleFlags(input: SimulateInput): void {
  for (const [flags, about] of SAY_MORE_ABOUT) {
    const idle = flags.find((flag) => isGiven(input[flag]));
    if (idle === undefined || about.some((flag) => isGiven(input[flag]))) continue;
    const others = about.map(written).join(" or ");
    throw new UsageError(`${written(idle)} is about ${others}, which is not there`, `Give ${others} too`);
  }
}

function isGiven(value: SimulateInput[Flag]): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false;
}

function written(flag: Flag): string {
  return `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
