import { Informer } from "../api/informer.ts";
import { clusterSettings, strategyInForce } from "../api/kinds/cluster-settings.ts";
import { nodes } from "../api/kinds/node.ts";
import { nodeFaults } from "../api/kinds/node-fault.ts";
import { pods } from "../api/kinds/pod.ts";
import type { Objects } from "../api/objects.ts";
import type { Clock } from "../clock/clock.ts";
import type { EventStream } from "./event-stream.ts";
import type { FaultObserver } from "./observe-faults.ts";
import { nodeObserver } from "./observe-nodes.ts";
import { PodObserver } from "./observe-pods.ts";
import type { Scope } from "./scope.ts";

interface ObserverContext {
  readonly objects: Objects;
  readonly clock: Clock;
  readonly stream: EventStream;
  readonly faults: FaultObserver;
  readonly scope: Scope;
  /** Whether bare pods of a lost node are re-created. */
  readonly reschedules: boolean;
  /** Called after every batch of changes. */
  readonly settled: () => void;
}

/** Follows the cluster and tells its changes to the stream: one list and one watch per kind, nothing per tick. */
export class ClusterObserver {
  readonly #informers: readonly { start(): Promise<void>; stop(): void }[];

  constructor({ objects, clock, stream, faults, scope, reschedules, settled }: ObserverContext) {
    const emit = stream.emit.bind(stream);
    const toNode = nodeObserver(scope, emit);
    const toPod = new PodObserver(stream.ledger, reschedules, emit);
    let strategy: string | undefined;
    this.#informers = [
      new Informer(objects, clock, clusterSettings, {
        changed(_before, after) {
          if (after === undefined) return;
          const now = strategyInForce(after);
          if (strategy !== undefined && now !== strategy) emit({ type: "strategy-changed", strategy: now });
          strategy = now;
        },
      }),
      new Informer(objects, clock, nodes, {
        changed: (before, after) => toNode.changed(before, after),
        settled,
      }),
      new Informer(objects, clock, nodeFaults, {
        changed: (before, after) => faults.changed(before, after),
        settled,
      }),
      new Informer(objects, clock, pods, {
        changed: (before, after) => toPod.changed(before, after),
        settled,
      }),
    ];
  }

  /** Resolves when everything that is there has been told: nodes, then their faults, then pods. */
  async start(): Promise<void> {
    for (const informer of this.#informers) await informer.start();
  }

  stop(): void {
    for (const informer of this.#informers) informer.stop();
  }
}
