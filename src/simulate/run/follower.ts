import type { Node } from "../../api/kinds/node.ts";
import type { NodeFault } from "../../api/kinds/node-fault.ts";
import type { Pod } from "../../api/kinds/pod.ts";
import type { KubeObject } from "../../api/meta.ts";
import type { EventStream } from "../../chaos/event-stream.ts";
import { FaultObserver } from "../../chaos/observe-faults.ts";
import { nodeObserver } from "../../chaos/observe-nodes.ts";
import { PodObserver } from "../../chaos/observe-pods.ts";
import type { Change, Store } from "../../store/store.ts";

/** Turns every commit of a cluster into the events of its run, in the store's order. */
export class Follower {
  readonly faults: FaultObserver;
  readonly #pods: PodObserver;
  readonly #nodes: ReturnType<typeof nodeObserver>;
  readonly #stop: () => void;

  /** @param reschedules whether bare pods of a lost node are re-created under the timing in force */
  constructor(store: Store, stream: EventStream, reschedules: boolean) {
    const emit = stream.emit.bind(stream);
    this.faults = new FaultObserver(emit);
    this.#pods = new PodObserver(stream.ledger, reschedules, emit);
    this.#nodes = nodeObserver(() => true, emit);
    this.#stop = store.watch("", store.revision, (changes) => {
      for (const change of changes) this.#follow(change);
    });
  }

  stop(): void {
    this.#stop();
  }

  #follow({ before, after }: Change): void {
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
