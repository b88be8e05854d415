import { nodes } from "../../api/kinds/node.ts";
import type { Random } from "../../lib/random.ts";
import { draw } from "../generate/distribution.ts";
import type { RenewalFaults } from "../scenario/scenario.ts";
import type { FaultContext } from "./fault-context.ts";

/** Every node goes through up times and down times of its own, whatever becomes of the others. */
export function startRenewals(process: RenewalFaults, context: FaultContext): () => void {
  let isStopped = false;
  const { objects } = context;
  const selector = process.select === undefined ? {} : { labelSelector: process.select };
  const begin = () =>
    void objects.list(nodes, selector).then(({ items }) => {
      for (const { metadata } of items) {
        if (!isStopped) alternate(process, metadata.name, context, () => isStopped);
      }
    });
  if (process.fromMs === undefined) begin();
  else context.clock.after(process.fromMs, begin);
  return () => {
    isStopped = true;
  };
}

function alternate(
  { upMs, downMs, fault, untilMs = Number.POSITIVE_INFINITY }: RenewalFaults,
  node: string,
  { clock, random, ledger, writer }: FaultContext,
  isStopped: () => boolean,
): void {
  const up: Random = random.stream(`up/${node}`);
  const down: Random = random.stream(`down/${node}`);
  const fail = () => {
    if (isStopped() || !ledger.nodes.has(node) || clock.monotonicMs() >= untilMs) return;
    const name = writer.inject(node, fault);
    clock.after(wholeMs(draw(downMs, down)), () => {
      if (isStopped()) return;
      writer.remove(node, name);
      clock.after(wholeMs(draw(upMs, up)), fail);
    });
  };
  clock.after(wholeMs(draw(upMs, up)), fail);
}

/** Nothing fails for less than a millisecond. */
function wholeMs(value: number): number {
  return Math.max(1, Math.min(Math.round(value), Number.MAX_SAFE_INTEGER));
}
