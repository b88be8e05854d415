import { parseDevices } from "../api/gpu.ts";
import { isFinished, type Pod } from "../api/kinds/pod.ts";
import { keyText } from "../api/meta.ts";
import { Annotation } from "../api/well-known.ts";
import type { Mutable } from "../lib/mutable.ts";
import type { ChaosHappening } from "./events.ts";
import type { Ledger } from "./ledger.ts";
import { podRequests } from "./pod-requests.ts";

type PodAdded = Extract<ChaosHappening, { readonly type: "pod-added" }>;

/**
 * Turns changes of Pods into events.
 *
 * A pod counts as evicted when it goes, or begins to, while its node is shown as not ready, or with the condition
 * DisruptionTarget, or when it comes back with one more move: nodes and pods are watched apart, so that over the
 * wire the pod's end may be told before the node's.
 */
export class PodObserver {
  readonly #ledger: Ledger;
  readonly #reschedules: boolean;
  readonly #emit: (happening: ChaosHappening) => void;
  /** Where bare pods that went without being evicted, as far as was known, had been. */
  readonly #departed = new Map<
    string,
    { readonly uid: string; readonly node: string; readonly moves: number }
  >();

  /** @param reschedules whether bare pods of a lost node are re-created under the timing in force */
  constructor(ledger: Ledger, reschedules: boolean, emit: (happening: ChaosHappening) => void) {
    this.#ledger = ledger;
    this.#reschedules = reschedules;
    this.#emit = emit;
  }

  changed(before: Pod | undefined, after: Pod | undefined): void {
    if (before === undefined) this.#added(after as Pod);
    else if (after === undefined) this.#removed(before);
    else this.#modified(before, after);
  }

  #added(pod: Pod): void {
    const name = nameOf(pod);
    const departed = this.#departed.get(name);
    this.#departed.delete(name);
    if (departed !== undefined && movesOf(pod) > departed.moves) {
      this.#emit({ type: "pod-evicted", pod: name, uid: departed.uid, node: departed.node });
    }
    this.#emit(this.#addition(pod));
  }

  /** Field after field in the log's order: there is one for every pod, and spreads are slow. */
  #addition(pod: Pod): PodAdded {
    const { uid, ownerReferences, deletionTimestamp } = pod.metadata;
    const owner = ownerReferences?.find(({ controller }) => controller === true);
    const addition = {
      type: "pod-added",
      pod: this.#name(pod),
      uid,
      phase: pod.status.phase,
    } as Mutable<PodAdded>;
    if (pod.spec.nodeName !== undefined) addition.node = pod.spec.nodeName;
    addition.requests = podRequests(pod.spec);
    if (owner !== undefined) addition.owner = `${owner.kind}/${owner.name}`;
    addition.rescheduled = owner !== undefined || (this.#reschedules && mayBeMoved(pod));
    if (isUnschedulable(pod)) addition.unschedulable = true;
    if (deletionTimestamp !== undefined) addition.terminating = true;
    return addition;
  }

  #removed(pod: Pod): void {
    const { nodeName } = pod.spec;
    const known = this.#ledger.pods.get(pod.metadata.uid);
    if (nodeName !== undefined && known?.evicted === false && !isFinished(pod)) {
      if (!known.terminating && this.#isLost(pod)) {
        this.#emit({ type: "pod-evicted", pod: this.#name(pod), uid: pod.metadata.uid, node: nodeName });
      } else if (known.owner === undefined) {
        const departed = { uid: pod.metadata.uid, node: nodeName, moves: movesOf(pod) };
        this.#departed.set(nameOf(pod), departed);
      }
    }
    this.#emit({ type: "pod-removed", pod: this.#name(pod), uid: pod.metadata.uid });
  }

  #modified(before: Pod, after: Pod): void {
    const { nodeName } = after.spec;
    if (nodeName !== undefined && nodeName !== before.spec.nodeName) {
      const devices = parseDevices(after.metadata.annotations?.[Annotation.gpuDevices]);
      this.#emit({
        type: "pod-bound",
        pod: this.#name(after),
        uid: after.metadata.uid,
        node: nodeName,
        ...(devices && { devices }),
      });
    }
    if (before.status !== after.status) this.#status(before, after);
    if (after.metadata.deletionTimestamp === undefined || before.metadata.deletionTimestamp !== undefined)
      return;
    if (nodeName !== undefined && !isFinished(after) && this.#isLost(after)) {
      this.#emit({ type: "pod-evicted", pod: this.#name(after), uid: after.metadata.uid, node: nodeName });
    } else {
      this.#emit({ type: "pod-terminating", pod: this.#name(after), uid: after.metadata.uid });
    }
  }

  #status(before: Pod, after: Pod): void {
    if (before.status.containerStatuses !== after.status.containerStatuses) {
      const restarts = restartsOf(after);
      if (restarts > restartsOf(before))
        this.#emit({ type: "pod-restarted", pod: this.#name(after), uid: after.metadata.uid, restarts });
    }
    this.#phase(before, after);
    if (before.status.conditions === after.status.conditions) return;
    if (isUnschedulable(after) && !isUnschedulable(before)) {
      this.#emit({ type: "pod-unschedulable", pod: this.#name(after), uid: after.metadata.uid });
    }
  }

  #phase(before: Pod, after: Pod): void {
    const { phase } = after.status;
    if (phase === "Running") {
      const startedAnew = before.status.phase !== "Running" || startsOf(before) !== startsOf(after);
      if (startedAnew)
        this.#emit({
          type: "pod-running",
          pod: this.#name(after),
          uid: after.metadata.uid,
          node: after.spec.nodeName ?? "",
        });
    } else if (phase !== before.status.phase) {
      this.#emit({ type: "pod-phase", pod: this.#name(after), uid: after.metadata.uid, phase });
    }
  }

  /** The name as the ledger has it already, where it does: to put it together costs more than to find it. */
  #name(pod: Pod): string {
    return this.#ledger.pods.get(pod.metadata.uid)?.pod ?? nameOf(pod);
  }

  #isLost(pod: Pod): boolean {
    const marked = pod.status.conditions?.some(
      ({ type, status, reason }) =>
        type === "DisruptionTarget" && status === "True" && reason === "DeletionByTaintManager",
    );
    return marked === true || this.#ledger.nodes.get(pod.spec.nodeName ?? "")?.ready === false;
  }
}

function nameOf(pod: Pod): string {
  return keyText(pod.metadata);
}

function mayBeMoved(pod: Pod): boolean {
  return pod.metadata.annotations?.[Annotation.reschedule] !== "false";
}

function movesOf(pod: Pod): number {
  return Number(pod.metadata.annotations?.[Annotation.moves] ?? 0);
}

function restartsOf(pod: Pod): number {
  let sum = 0;
  for (const { restartCount } of pod.status.containerStatuses ?? []) sum += restartCount;
  return sum;
}

/** When its containers were last started, as one text. */
function startsOf(pod: Pod): string {
  return (pod.status.containerStatuses ?? []).map(({ state }) => state.running?.startedAt ?? "").join();
}

function isUnschedulable(pod: Pod): boolean {
  for (const { type, status, reason } of pod.status.conditions ?? []) {
    if (type === "PodScheduled" && status === "False" && reason === "Unschedulable") return true;
  }
  return false;
}
