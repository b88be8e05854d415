import type { Objects } from "../../api/objects.ts";
import type { Ledger } from "../../chaos/ledger.ts";
import type { Clock } from "../../clock/clock.ts";
import type { Random } from "../../lib/random.ts";
import type { FaultProcess } from "../scenario/scenario.ts";
import type { FaultWriter } from "./fault-writer.ts";
import { startRenewals } from "./renewals.ts";
import { startTicks } from "./ticks.ts";

/** What a process that hurts nodes by chance is given. */
export interface FaultContext {
  readonly objects: Objects;
  readonly clock: Clock;
  /** Its own stream; every node has one of its own below it, so that a node more changes no other's history. */
  readonly random: Random;
  readonly ledger: Ledger;
  readonly writer: FaultWriter;
}

/** Starts a process of the kind that its options are of. @returns what ends it */
export function startProcess(process: FaultProcess, context: FaultContext): () => void {
  return "tickMs" in process ? startTicks(process, context) : startRenewals(process, context);
}
