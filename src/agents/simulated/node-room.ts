import { type HostPort, HostPorts, hostPortsOf } from "../../api/host-ports.ts";
import type { Node } from "../../api/kinds/node.ts";
import type { Pod } from "../../api/kinds/pod.ts";
import { SYSTEM_CLASSES } from "../../api/kinds/priority-class.ts";
import { meetsNodeAffinity } from "../../api/node-selector.ts";
import { podRequestAmounts } from "../../api/pod-demand.ts";
import { resourceAmount } from "../../api/quantity.ts";
import { tolerates } from "../../api/tolerations.ts";
import type { ResizePending } from "./pod-resize.ts";

/** Why a kubelet does not run a pod that was bound to its node. */
export interface Rejection {
  readonly reason: string;
  readonly message: string;
}

interface Taken {
  readonly amounts: Readonly<Record<string, number>>;
  readonly ports: readonly HostPort[];
}

/** Pods of at least this priority are critical (kubelet, types.IsCriticalPodBasedOnPriority). */
const CRITICAL = SYSTEM_CLASSES["system-cluster-critical"]?.value ?? Number.POSITIVE_INFINITY;

/** Asked for first, in this order; others by name. */
const FIRST = ["cpu", "memory", "ephemeral-storage"];

/** What can be changed while a pod runs. */
const RESIZED = ["cpu", "memory"] as const;

/**
 * What the pods take that one kubelet has admitted, whoever bound them, and whether another may come (kubelet,
 * lifecycle/predicate.go). A pod costs what it asks for, however many there are.
 */
export class NodeRoom {
  readonly #taken = new Map<string, Taken>();
  readonly #sums = new Map<string, number>();
  readonly #ports = new HostPorts();

  /** Why the pod cannot come; undefined when it can, and takes its room. One that has it already keeps it. */
  admit(pod: Pod, node: Node): Rejection | undefined {
    if (this.#taken.has(pod.metadata.uid)) return undefined;
    const taken = takenBy(pod);
    const rejection = this.#shortage(pod, taken, node) ?? this.#mismatch(pod, taken, node);
    if (rejection === undefined) this.#put(pod.metadata.uid, taken);
    return rejection;
  }

  /** Gives a pod, which has its room, what it asks for now; else says why not. Cpu and memory alone can change. */
  resize(pod: Pod, { status: { allocatable = {} } }: Node): ResizePending | undefined {
    const before = this.#taken.get(pod.metadata.uid)?.amounts ?? {};
    const after = takenBy(pod);
    for (const name of RESIZED) {
      const requested = after.amounts[name] ?? 0;
      const had = before[name] ?? 0;
      const capacity = resourceAmount(name, allocatable[name] ?? "0");
      const others = (this.#sums.get(name) ?? 0) - had;
      if (requested <= had || requested <= capacity - others) continue;
      const amounts = `requested: ${requested}, capacity: ${capacity}`;
      if (requested > capacity)
        return { reason: "Infeasible", message: `Node didn't have enough capacity: ${name}, ${amounts}` };
      const { message } = outOf(name, requested, others, capacity);
      return { reason: "Deferred", message };
    }
    this.release(pod.metadata.uid);
    this.#put(pod.metadata.uid, after);
    return undefined;
  }

  /** The pod is there, whether it should be or not. */
  take(pod: Pod): void {
    if (!this.#taken.has(pod.metadata.uid)) this.#put(pod.metadata.uid, takenBy(pod));
  }

  /** The pod is over or gone. */
  release(uid: string): void {
    const taken = this.#taken.get(uid);
    if (taken === undefined) return;
    this.#taken.delete(uid);
    this.#add(taken, -1);
  }

  #put(uid: string, taken: Taken): void {
    this.#taken.set(uid, taken);
    this.#add(taken, 1);
  }

  #add({ amounts, ports }: Taken, sign: 1 | -1): void {
    for (const name in amounts) {
      this.#sums.set(name, (this.#sums.get(name) ?? 0) + sign * (amounts[name] as number));
    }
    if (ports.length > 0) this.#ports.take(ports, sign);
  }

  /** For a critical pod a kubelet would end others, so that it is let in here. */
  #shortage(pod: Pod, { amounts }: Taken, { status: { allocatable = {} } }: Node): Rejection | undefined {
    if ((pod.spec.priority ?? 0) >= CRITICAL) return undefined;
    const pods = resourceAmount("pods", allocatable.pods ?? "0");
    if (this.#taken.size + 1 > pods) return outOf("pods", 1, this.#taken.size, pods);
    let short: string | undefined;
    for (const name in amounts) {
      const requested = amounts[name] as number;
      // What no node says anything of belongs to the cluster, and not to this node.
      if (requested === 0 || (!FIRST.includes(name) && allocatable[name] === undefined)) continue;
      const left = resourceAmount(name, allocatable[name] ?? "0") - (this.#sums.get(name) ?? 0);
      if (requested > left && (short === undefined || byRank(name, short) < 0)) short = name;
    }
    if (short === undefined) return undefined;
    const capacity = resourceAmount(short, allocatable[short] ?? "0");
    return outOf(short, amounts[short] as number, this.#sums.get(short) ?? 0, capacity);
  }

  #mismatch(
    { spec }: Pod,
    { ports }: Taken,
    { metadata, spec: { taints = [] } }: Node,
  ): Rejection | undefined {
    const { name, labels = {} } = metadata;
    if (!meetsNodeAffinity(spec, { name, labels }))
      return failed("NodeAffinity", "node(s) didn't match Pod's node affinity/selector");
    if (ports.length > 0 && this.#ports.conflictsWith(ports))
      return failed("NodePorts", "node(s) didn't have free ports for the requested pod ports");
    const isTolerated = taints.every(
      (taint) => taint.effect !== "NoExecute" || tolerates(spec.tolerations ?? [], taint),
    );
    return isTolerated
      ? undefined
      : failed("TaintToleration", "node(s) had taints that the pod didn't tolerate");
  }
}

function takenBy({ spec }: Pod): Taken {
  return { amounts: podRequestAmounts(spec), ports: hostPortsOf(spec) };
}

function byRank(a: string, b: string): number {
  return rankOf(a) - rankOf(b) || (a < b ? -1 : 1);
}

function rankOf(name: string): number {
  const rank = FIRST.indexOf(name);
  return rank < 0 ? FIRST.length : rank;
}

function outOf(name: string, requested: number, used: number, capacity: number): Rejection {
  const amounts = `requested: ${requested}, used: ${used}, capacity: ${capacity}`;
  return { reason: `OutOf${name}`, message: `Node didn't have enough resource: ${name}, ${amounts}` };
}

function failed(predicate: string, why: string): Rejection {
  return { reason: predicate, message: `Predicate ${predicate} failed: ${why}` };
}
