import { type Node, nodeCondition } from "../api/kinds/node.ts";
import { amountsOf } from "../api/pod-demand.ts";
import type { Amounts, ChaosHappening } from "./events.ts";
import type { Scope } from "./scope.ts";

/** Turns changes of Nodes into events. */
export function nodeObserver(
  scope: Scope,
  emit: (happening: ChaosHappening) => void,
): { changed(before: Node | undefined, after: Node | undefined): void } {
  return {
    changed(before, after) {
      const node = (after ?? before)?.metadata.name as string;
      if (after === undefined) {
        emit({ type: "node-removed", node });
        return;
      }
      const ready = readiness(after);
      const facts = { node, inScope: scope(after), allocatable: amountsOf(after.status.allocatable) };
      if (before === undefined) {
        emit({ type: "node-added", ...facts, ...(ready !== undefined && { ready }) });
        return;
      }
      const sameAmounts =
        before.status.allocatable === after.status.allocatable ||
        areEqual(amountsOf(before.status.allocatable), facts.allocatable);
      if (!sameAmounts || scope(before) !== facts.inScope) emit({ type: "node-changed", ...facts });
      if (ready === readiness(before) || ready === undefined) return;
      if (ready) emit({ type: "node-ready", node });
      else emit({ type: "node-not-ready", node, reason: nodeCondition(after, "Ready")?.reason ?? "" });
    },
  };
}

/** What the API shows: undefined before the first report, false for False and Unknown. */
function readiness(node: Node): boolean | undefined {
  const status = nodeCondition(node, "Ready")?.status;
  return status === undefined ? undefined : status === "True";
}

function areEqual(a: Amounts, b: Amounts): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
