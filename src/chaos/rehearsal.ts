import { nodeFaults } from "../api/kinds/node-fault.ts";
import type { ChaosContext, ChaosOutcome } from "./context.ts";
import { describeRun, nodesToHurt, type RunIdentity } from "./describe-run.ts";
import { Dice } from "./dice.ts";
import { EventStream } from "./event-stream.ts";
import { nodeObserver } from "./observe-nodes.ts";
import type { ChaosOptions } from "./options.ts";
import { planTick } from "./plan-tick.ts";
import { scopeOf } from "./scope.ts";

/** A dry run: tells at once, stamped with the time at which it would happen, what the dice do to the nodes. */
export async function rehearse(
  context: ChaosContext,
  options: ChaosOptions,
  identity: RunIdentity,
): Promise<ChaosOutcome> {
  const { objects, clock, signal } = context;
  const nodes = await nodesToHurt(objects, options);
  const stream = new EventStream(clock, context.onEvent);
  stream.emitAt(0, await describeRun(objects, options, identity));
  const scope = scopeOf(options);
  const observer = nodeObserver(scope, (happening) => stream.emitAt(0, happening));
  for (const node of nodes) observer.changed(undefined, node);
  const hurt = new Set((await objects.list(nodeFaults)).items.map(({ spec }) => spec.nodeName));
  const failed = new Set<string>();
  const dice = new Dice(identity.seed, options.faults);
  const inScope = nodes.filter(scope).length;
  for (let tick = 0; tick * options.tickMs < options.durationMs && !signal.aborted; tick++) {
    const t = options.startAfterMs + tick * options.tickMs;
    const planNodes = nodes.map((node) => {
      const { name } = node.metadata;
      const failedByRun = failed.has(name);
      return { name, inScope: scope(node), up: !failedByRun, failedByRun, otherwiseDown: hurt.has(name) };
    });
    const { recoveries, failures, heldBack } = planTick(tick, planNodes, dice, options);
    stream.emitAt(t, {
      type: "tick",
      tick,
      candidates: inScope,
      outOfReach: [],
      recoveries: recoveries.length,
      failures: failures.length,
      heldBack,
    });
    for (const node of recoveries) {
      failed.delete(node);
      stream.emitAt(t, { type: "recovery-planned", node, tick });
    }
    for (const { node, fault } of failures) {
      failed.add(node);
      stream.emitAt(t, { type: "fault-planned", node, fault, tick });
    }
  }
  const status = signal.aborted ? "interrupted" : "dry-run";
  const endMs = options.startAfterMs + options.durationMs;
  stream.emitAt(endMs, { type: "run-ended", status, healed: true });
  return { ...identity, status, deviated: false, healed: true };
}
