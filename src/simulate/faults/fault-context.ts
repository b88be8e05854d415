import type { Objects } from "../../api/objects.ts";
import type { Ledger } from "../../chaos/ledger.ts";
import type { Clock } from "../../clock/clock.ts";
import type { Random } from "../../lib/random.ts";
import type { FaultWriter } from "./fault-writer.ts";

/** What a process that hurts nodes by chance is given. */
export interface FaultContext {
  readonly objects: Objects;
  readonly clock: Clock;
  /** Its own stream; every node has one of its own below it, so that a node more changes no other's history. */
  readonly random: Random;
  readonly ledger: Ledger;
  readonly writer: FaultWriter;
}
