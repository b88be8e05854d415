import type { FaultProcess } from "../scenario/scenario.ts";
import type { FaultContext } from "./fault-context.ts";
import { startRenewals } from "./renewals.ts";
import { startTicks } from "./ticks.ts";

/** Starts a process of the kind that its options are of. @returns what ends it */
export function startProcess(process: FaultProcess, context: FaultContext): () => void {
  return "tickMs" in process ? startTicks(process, context) : startRenewals(process, context);
}
