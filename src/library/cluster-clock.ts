import type { Clock } from "../clock/clock.ts";
import { HeldClock } from "../clock/held.ts";
import type { ClusterClock, VirtualClusterClock } from "./cluster.ts";
import { durationMs } from "./duration-option.ts";

/** The clock as users see it: a held one can be moved. */
export function clusterClock(clock: Clock): ClusterClock | VirtualClusterClock {
  const base = {
    now: () => clock.now(),
    sleep: (duration: number | string) => clock.sleep(durationMs(duration)),
  };
  if (!(clock instanceof HeldClock)) return base;
  return {
    ...base,
    advance: async (duration) => void (await clock.leap({ durationMs: durationMs(duration) })),
    settle: () => clock.turn(),
  };
}
