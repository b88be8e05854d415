import { isReason } from "../../api/errors.ts";
import { type NodeFault, nodeFaults } from "../../api/kinds/node-fault.ts";
import type { Objects } from "../../api/objects.ts";
import type { FaultObserver } from "../../chaos/observe-faults.ts";
import { RUN_ID } from "../run/run-id.ts";

/** Writes and deletes the NodeFaults of a simulation. */
export class FaultWriter {
  readonly #objects: Objects;
  readonly #faults: FaultObserver;
  readonly #onError: (error: unknown) => void;
  /** Names of the faults that act, by node. */
  readonly #acting = new Map<string, Set<string>>();
  #sequence = 0;

  constructor(context: {
    readonly objects: Objects;
    readonly faults: FaultObserver;
    readonly onError: (error: unknown) => void;
  }) {
    this.#objects = context.objects;
    this.#faults = context.faults;
    this.#onError = context.onError;
  }

  /** Nodes with a fault, the one that was hurt first before the others. */
  get faultyNodes(): readonly string[] {
    return [...this.#acting.keys()];
  }

  /** Hurts a node. @returns the name of its fault */
  inject(nodeName: string, fault: string): string {
    const name = `${RUN_ID}-${++this.#sequence}`;
    const acting = this.#acting.get(nodeName) ?? new Set();
    this.#acting.set(nodeName, acting.add(name));
    const draft = {
      apiVersion: "kubesim.dev/v1alpha1",
      kind: "NodeFault",
      metadata: { name },
      spec: { nodeName, fault, origin: RUN_ID },
      status: {},
    };
    this.#objects.create<NodeFault>(nodeFaults, draft).catch(this.#onError);
    return name;
  }

  /** Takes one fault off a node; harmless when it is gone. */
  remove(nodeName: string, name: string): void {
    const acting = this.#acting.get(nodeName);
    if (acting?.delete(name) !== true) return;
    if (acting.size === 0) this.#acting.delete(nodeName);
    this.#faults.healing(name, "recovered");
    this.#objects.delete(nodeFaults, { name }).catch((error: unknown) => {
      if (!isReason(error, "NotFound")) this.#onError(error);
    });
  }

  /** Takes all faults off a node. */
  heal(nodeName: string): void {
    for (const name of [...(this.#acting.get(nodeName) ?? [])]) this.remove(nodeName, name);
  }
}
