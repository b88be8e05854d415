import { DEVICE_MILLI, GPU_MILLI } from "../../api/gpu.ts";
import { nodes } from "../../api/kinds/node.ts";
import type { Objects } from "../../api/objects.ts";
import { resourceAmount } from "../../api/quantity.ts";
import type { ChaosEvent } from "../../chaos/events.ts";
import type { Ledger } from "../../chaos/ledger.ts";
import type { PodRecord } from "../../chaos/ledger-pod.ts";
import { type Clock, Phase, type Timer } from "../../clock/clock.ts";
import { Heap } from "../../lib/heap.ts";
import { onDemandShapes } from "../prepare.ts";
import type { NodeShape, Scenario } from "../scenario/scenario.ts";
import { nodeOfShape } from "../sources/nodes.ts";

/** Adds a node whenever an instant has settled and a pod fits nowhere, one at a time. */
export class NodesOnDemand {
  readonly #shapes: readonly { readonly shape: NodeShape; opened: number; next: number }[];
  readonly #objects: Objects;
  readonly #clock: Clock;
  readonly #ledger: Ledger;
  readonly #onError: (error: unknown) => void;
  /** Uids of pods that fitted nowhere, the first to be created first; those that wait no more go when they come up. */
  readonly #waiting = new Heap<string>((a, b) => a < b);
  #timer: Timer | undefined;
  /** The node that has been added and is not ready yet. */
  #coming: string | undefined;

  constructor(
    scenario: Scenario,
    context: {
      readonly objects: Objects;
      readonly clock: Clock;
      readonly ledger: Ledger;
      readonly onError: (error: unknown) => void;
    },
  ) {
    this.#shapes = onDemandShapes(scenario).map((shape) => ({ shape, opened: 0, next: 0 }));
    this.#objects = context.objects;
    this.#clock = context.clock;
    this.#ledger = context.ledger;
    this.#onError = context.onError;
  }

  see(event: ChaosEvent): void {
    if (this.#shapes.length === 0) return;
    if (event.type === "node-ready" && event.node === this.#coming) {
      this.#coming = undefined;
      this.#lookSoon();
    } else if (event.type === "pod-unschedulable") {
      this.#waiting.push(event.uid);
      this.#lookSoon();
    } else if (event.type === "pod-added" && event.unschedulable) this.#waiting.push(event.uid);
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #lookSoon(): void {
    this.#timer ??= this.#clock.after(0, () => this.#look(), Phase.settled);
  }

  #look(): void {
    this.#timer = undefined;
    if (this.#coming !== undefined || this.#ledger.counts.unschedulable === 0) return;
    const waiting = this.#firstWaiting();
    const fitting = this.#shapes.find(
      ({ shape, opened }) => opened < shape.count && waiting !== undefined && holds(shape, waiting.requests),
    );
    if (fitting === undefined) return;
    fitting.opened++;
    let draft = nodeOfShape(fitting.shape, fitting.next++);
    while (this.#ledger.nodes.has(draft.metadata.name as string)) {
      draft = nodeOfShape(fitting.shape, fitting.next++);
    }
    this.#coming = draft.metadata.name as string;
    this.#objects.create(nodes, draft).catch(this.#onError);
  }

  #firstWaiting(): PodRecord | undefined {
    for (let uid = this.#waiting.peek(); uid !== undefined; uid = this.#waiting.peek()) {
      const pod = this.#ledger.pods.get(uid);
      if (pod?.unschedulable === true && pod.node === undefined) return pod;
      this.#waiting.pop();
    }
    return undefined;
  }
}

function holds({ cpu, memory, gpu }: NodeShape, requests: Readonly<Record<string, number>>): boolean {
  return (
    (requests.cpu ?? 0) <= resourceAmount("cpu", cpu) &&
    (requests.memory ?? 0) <= resourceAmount("memory", memory) &&
    (requests[GPU_MILLI] ?? 0) <= gpu * DEVICE_MILLI
  );
}
