import type { NodeFault } from "../../api/kinds/node-fault.ts";

/** What each fault that the simulated agent knows makes of a machine; others are left alone. */
const EFFECTS: Readonly<Record<string, "hung" | "crashed">> = {
  "node-hang": "hung",
  "node-crash": "crashed",
};

/** What a fault does to a simulated machine, or undefined for a fault of another kind of agent. */
export function effectOf(fault: NodeFault): "hung" | "crashed" | undefined {
  return Object.hasOwn(EFFECTS, fault.spec.fault) ? EFFECTS[fault.spec.fault] : undefined;
}

/** The faults in force, by node. */
export class FaultsByNode {
  readonly #byNode = new Map<string, Map<string, NodeFault>>();

  put(fault: NodeFault): void {
    const { nodeName } = fault.spec;
    const known = this.#byNode.get(nodeName) ?? new Map<string, NodeFault>();
    this.#byNode.set(nodeName, known.set(fault.metadata.uid, fault));
  }

  remove(fault: NodeFault): void {
    const known = this.#byNode.get(fault.spec.nodeName);
    known?.delete(fault.metadata.uid);
    if (known?.size === 0) this.#byNode.delete(fault.spec.nodeName);
  }

  of(nodeName: string): Iterable<NodeFault> {
    return this.#byNode.get(nodeName)?.values() ?? [];
  }

  /** What all faults of the node together make of its machine: a crash outweighs a hang. */
  healthOf(nodeName: string): "well" | "hung" | "crashed" {
    let health: "well" | "hung" = "well";
    for (const fault of this.of(nodeName)) {
      const effect = effectOf(fault);
      if (effect === "crashed") return "crashed";
      if (effect === "hung") health = "hung";
    }
    return health;
  }
}
