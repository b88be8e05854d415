import type { NodeFault } from "../api/kinds/node-fault.ts";
import type { ChaosHappening, HealCause } from "./events.ts";
import { findFault } from "./faults/registry.ts";

/**
 * Tells of every NodeFault once, whoever sees it first: the engine, whose write was acknowledged, or the watch. So the
 * events also hold what other people do to nodes meanwhile.
 */
export class FaultObserver {
  readonly #emit: (happening: ChaosHappening) => void;
  /** Node by fault name, for faults that act. */
  readonly #acting = new Map<string, string>();
  readonly #finished = new Set<string>();
  /** Why a fault is about to go: the watch may tell of its end before the delete is acknowledged. */
  readonly #causes = new Map<string, HealCause>();

  constructor(emit: (happening: ChaosHappening) => void) {
    this.#emit = emit;
  }

  /** For an Informer of NodeFaults. */
  changed(before: NodeFault | undefined, after: NodeFault | undefined): void {
    if (after === undefined) {
      this.healed((before as NodeFault).metadata.name);
      return;
    }
    this.injected(after);
    const { injectedAt } = after.status ?? {};
    if (injectedAt === undefined || before?.status?.injectedAt !== undefined) return;
    this.#emit({ type: "fault-obeyed", id: after.metadata.name, node: after.spec.nodeName, injectedAt });
  }

  /** A NodeFault was written. */
  injected(nodeFault: NodeFault): void {
    const id = nodeFault.metadata.name;
    if (this.#acting.has(id) || this.#finished.has(id)) return;
    const { nodeName, fault, origin } = nodeFault.spec;
    this.#acting.set(id, nodeName);
    this.#emit({
      type: "fault-injected",
      id,
      node: nodeName,
      fault,
      origin: origin ?? "user",
      losesPods: findFault(fault)?.losesPods ?? false,
    });
  }

  /** This run is about to remove a NodeFault. */
  healing(id: string, cause: HealCause): void {
    this.#causes.set(id, cause);
  }

  /** A NodeFault is gone. */
  healed(id: string): void {
    const node = this.#acting.get(id);
    if (node === undefined) return;
    const cause = this.#causes.get(id) ?? "elsewhere";
    this.#causes.delete(id);
    this.#acting.delete(id);
    this.#finished.add(id);
    this.#emit({ type: "node-healed", id, node, cause });
  }
}
