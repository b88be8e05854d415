import { Dice } from "../../chaos/dice.ts";
import type { Timer } from "../../clock/clock.ts";
import { byCodeUnits } from "../../lib/order.ts";
import type { TickFaults } from "../scenario/scenario.ts";
import type { FaultContext } from "./fault-context.ts";

/** As `kubesim chaos`: at every tick the failed recover with one chance, then who is up fails with the other. */
export function startTicks(process: TickFaults, { clock, random, ledger, writer }: FaultContext): () => void {
  const { fault, tickMs, failureProbability, recoveryProbability } = process;
  const { fromMs = 0, untilMs = Number.POSITIVE_INFINITY } = process;
  const dice = new Dice(random.seed, [{ name: fault, weight: 1 }]);
  const failed = new Map<string, string>();
  let tick = 0;
  const roll = () => {
    const isOver = clock.monotonicMs() >= untilMs;
    for (const name of [...ledger.nodes.keys()].sort(byCodeUnits)) {
      const { recovery, failure } = dice.roll(name, tick);
      const acting = failed.get(name);
      if (acting !== undefined) {
        if (recovery >= recoveryProbability) continue;
        writer.remove(name, acting);
        failed.delete(name);
      }
      if (failure < failureProbability && !isOver) failed.set(name, writer.inject(name, fault));
    }
    tick++;
  };
  let timer: Timer | undefined;
  const first = clock.after(fromMs, () => {
    roll();
    timer = clock.every(tickMs, roll);
  });
  return () => {
    first.cancel();
    timer?.cancel();
  };
}
