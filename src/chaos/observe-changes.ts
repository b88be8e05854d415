import type { Node } from "../api/kinds/node.ts";
import type { NodeFault } from "../api/kinds/node-fault.ts";
import type { Pod } from "../api/kinds/pod.ts";
import type { KubeObject } from "../api/meta.ts";
import type { EventStream } from "./event-stream.ts";
import { FaultObserver } from "./observe-faults.ts";
import { nodeObserver } from "./observe-nodes.ts";
import { PodObserver } from "./observe-pods.ts";

/** Turns changes of a cluster's objects into the events of its run, in the order in which they are told. */
export class ChangeObserver {
  readonly faults: FaultObserver;
  readonly #pods: PodObserver;
  readonly #nodes: ReturnType<typeof nodeObserver>;

  /** @param reschedules whether bare pods of a lost node are re-created under the timing in force */
  constructor(stream: EventStream, reschedules: boolean) {
    const emit = stream.emit.bind(stream);
    this.faults = new FaultObserver(emit);
    this.#pods = new PodObserver(stream.ledger, reschedules, emit);
    this.#nodes = nodeObserver(() => true, emit);
  }

  /** An object has come (no `before`), changed, or gone (no `after`); those of other kinds tell nothing. */
  changed(before: unknown, after: unknown): void {
    switch (((after ?? before) as KubeObject).kind) {
      case "Pod":
        this.#pods.changed(before as Pod | undefined, after as Pod | undefined);
        break;
      case "Node":
        this.#nodes.changed(before as Node | undefined, after as Node | undefined);
        break;
      case "NodeFault":
        this.faults.changed(before as NodeFault | undefined, after as NodeFault | undefined);
    }
  }
}
