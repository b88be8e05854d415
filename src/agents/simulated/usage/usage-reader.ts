import type { Node } from "../../../api/kinds/node.ts";
import type { Pod } from "../../../api/kinds/pod.ts";
import type { ObjectKey } from "../../../api/meta.ts";
import { parseQuantity } from "../../../api/quantity.ts";
import type { Clock } from "../../../clock/clock.ts";
import { fnv32a } from "../../../lib/fnv.ts";
import type { NodeUsage, PodUsage, Usage, UsageReader } from "../../usage.ts";
import { podUsage } from "./pod-usage.ts";
import { usageAt } from "./shape.ts";
import type { LoadSharers } from "./sharers.ts";

/** What the reader needs to know of the machines. */
export interface MeasuredMachine {
  /** Undefined while the machine cannot be asked. */
  readonly measuredNode: Node | undefined;
  workingPods(): Iterable<Pod>;
  isWorking(uid: string): boolean;
}

interface Fleet {
  readonly clock: Clock;
  readonly sharers: LoadSharers;
  podNamed(key: ObjectKey): Pod | undefined;
  machine(nodeName: string): MeasuredMachine | undefined;
  machines(): Iterable<MeasuredMachine>;
}

/** What the machine itself needs: a share of what it has, and something fixed. */
const SYSTEM = { cpu: { fixed: 0.02, share: 0.01 }, memory: { fixed: 200 * 2 ** 20, share: 0.01 } } as const;

/** What simulated kubelets measure: computed when it is asked for, and nowhere kept. */
export class SimulatedUsage implements UsageReader {
  readonly #fleet: Fleet;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  pod(key: ObjectKey): PodUsage | undefined {
    const pod = this.#fleet.podNamed(key);
    const machine = this.#fleet.machine(pod?.spec.nodeName ?? "");
    if (pod === undefined || machine?.isWorking(pod.metadata.uid) !== true) return undefined;
    return this.#measure(pod);
  }

  *pods(namespace: string | undefined): Generator<PodUsage> {
    for (const machine of this.#fleet.machines()) {
      for (const pod of machine.workingPods()) {
        if (namespace === undefined || pod.metadata.namespace === namespace) yield this.#measure(pod);
      }
    }
  }

  node(name: string): NodeUsage | undefined {
    const machine = this.#fleet.machine(name);
    return machine && this.#measureNode(machine);
  }

  *nodes(): Generator<NodeUsage> {
    for (const machine of this.#fleet.machines()) {
      const measured = this.#measureNode(machine);
      if (measured !== undefined) yield measured;
    }
  }

  #measure(pod: Pod): PodUsage {
    return podUsage(pod, this.#fleet.sharers, this.#fleet.clock.now());
  }

  #measureNode(machine: MeasuredMachine): NodeUsage | undefined {
    const node = machine.measuredNode;
    if (node === undefined) return undefined;
    const sum = { cpu: this.#system(node, "cpu"), memory: this.#system(node, "memory") };
    for (const pod of machine.workingPods()) {
      for (const { usage } of this.#measure(pod).containers) {
        sum.cpu += usage.cpu;
        sum.memory += usage.memory;
      }
    }
    const within = (resource: keyof Usage) => Math.min(sum[resource], capacityOf(node, resource));
    return { node, usage: { cpu: within("cpu"), memory: within("memory") } };
  }

  #system(node: Node, resource: keyof Usage): number {
    const { fixed, share } = SYSTEM[resource];
    const capacity = capacityOf(node, resource);
    const high = fixed + (Number.isFinite(capacity) ? share * capacity : 0);
    const seed = fnv32a(`${node.metadata.uid}/${resource}`);
    const now = this.#fleet.clock.now();
    return usageAt({ name: "noise", low: 0.8 * high, high, periodMs: 60_000 }, { now, ageMs: 0, seed });
  }
}

function capacityOf({ status }: Node, resource: keyof Usage): number {
  return parseQuantity(status.capacity?.[resource] ?? "") ?? Number.POSITIVE_INFINITY;
}
