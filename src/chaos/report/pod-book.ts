import type { ChaosEvent } from "../events.ts";
import type { Ledger } from "../ledger.ts";
import type { PodRecord } from "../ledger-pod.ts";
import type { FaultBook, OpenFault } from "./fault-book.ts";

/** An eviction whose pod does not run again yet. */
interface Eviction {
  readonly fault: OpenFault | undefined;
  readonly evictedMs: number;
  /** A controller's pods come back under other names: any of them takes the place. */
  readonly owner: string | undefined;
  /** Somebody is to re-create it. */
  rescheduled: boolean;
  rebound: boolean;
}

/** Follows evicted pods until they run again, counts restarts and moves, and measures how long pods fit nowhere. */
export class PodBook {
  evictions = 0;
  reschedules = 0;
  restarts = 0;
  readonly serviceRecoveriesMs: number[] = [];
  readonly moves = new Map<string, number>();
  readonly #faults: FaultBook;
  /** By what comes back: the pod's name, or its owner's. */
  readonly #waiting = new Map<string, Eviction[]>();
  readonly #restartsSeen = new Map<string, number>();
  readonly #unschedulableSince = new Map<string, number>();
  unschedulableMs = 0;
  longestUnschedulableMs = 0;

  constructor(faults: FaultBook) {
    this.#faults = faults;
  }

  /** Reads an event; `ledger` is as it was before it. */
  see(event: ChaosEvent, ledger: Ledger): void {
    switch (event.type) {
      case "pod-evicted":
        this.#evict(event, ledger);
        break;
      case "pod-added":
        this.#add(event);
        break;
      case "pod-bound":
        this.#endUnschedulable(event.uid, event.t);
        this.#rebind(placeOf(ledger, event));
        break;
      case "pod-running":
        if (takesPlace(ledger, event.uid)) this.#run(placeOf(ledger, event), event.t);
        break;
      case "pod-restarted":
        this.restarts += Math.max(0, event.restarts - (this.#restartsSeen.get(event.uid) ?? 0));
        this.#restartsSeen.set(event.uid, event.restarts);
        break;
      case "pod-unschedulable":
        this.#unschedulableSince.set(event.uid, event.t);
        break;
      case "pod-removed":
        this.#endUnschedulable(event.uid, event.t);
        this.#restartsSeen.delete(event.uid);
        this.#giveUp(ledger.pods.get(event.uid));
        break;
    }
  }

  /** The run is over: what still waits for room has waited until now. */
  end(t: number): void {
    for (const uid of [...this.#unschedulableSince.keys()]) this.#endUnschedulable(uid, t);
  }

  /** Evicted and never Running again. */
  neverBack(): number {
    return [...this.#waiting.values()].flat().length;
  }

  /** Evicted, to be re-created, and not even there again at the end. */
  lost(ledger: Ledger): number {
    const there = new Set([...ledger.pods.values()].map((pod) => pod.owner ?? pod.pod));
    return [...this.#waiting].reduce(
      (sum, [place, evictions]) =>
        there.has(place)
          ? sum
          : sum + evictions.filter(({ rescheduled, owner }) => rescheduled && !owner).length,
      0,
    );
  }

  #evict(event: Extract<ChaosEvent, { type: "pod-evicted" }>, ledger: Ledger): void {
    this.evictions++;
    const { pod, uid, node, t } = event;
    const known = ledger.pods.get(uid);
    this.moves.set(pod, (this.moves.get(pod) ?? 0) + 1);
    const fault = this.#faults.blame(node);
    if (fault !== undefined) {
      fault.evictedMs ??= t;
      fault.evictedPods++;
    }
    const eviction: Eviction = {
      fault,
      evictedMs: t,
      owner: known?.owner,
      rescheduled: known?.rescheduled ?? true,
      rebound: false,
    };
    const place = known?.owner ?? pod;
    this.#waiting.set(place, [...(this.#waiting.get(place) ?? []), eviction]);
  }

  #add(event: Extract<ChaosEvent, { type: "pod-added" }>): void {
    const place = event.owner ?? event.pod;
    if (event.unschedulable) this.#unschedulableSince.set(event.uid, event.t);
    if (event.node === undefined) return;
    this.#rebind(place);
    if (event.phase === "Running") this.#run(place, event.t);
  }

  #rebind(place: string): void {
    const eviction = (this.#waiting.get(place) ?? []).find(({ rebound }) => !rebound);
    if (eviction === undefined) return;
    eviction.rebound = true;
    this.reschedules++;
  }

  /** A bare pod that runs again makes good all its evictions; a controller's pod makes good one. */
  #run(place: string, t: number): void {
    const waiting = this.#waiting.get(place);
    if (waiting === undefined) return;
    const back = waiting[0]?.owner === undefined ? waiting.splice(0) : waiting.splice(0, 1);
    if (waiting.length === 0) this.#waiting.delete(place);
    for (const { fault, evictedMs } of back) {
      this.serviceRecoveriesMs.push(t - (fault?.injectedMs ?? evictedMs));
      if (fault !== undefined) fault.replacedMs = t;
    }
  }

  /** Who was re-created and is then deleted, or preempted, before it has run again has not been lost. */
  #giveUp(pod: PodRecord | undefined): void {
    if (pod === undefined || pod.evicted || pod.owner !== undefined) return;
    for (const eviction of this.#waiting.get(pod.pod) ?? []) eviction.rescheduled = false;
  }

  #endUnschedulable(uid: string, t: number): void {
    const sinceMs = this.#unschedulableSince.get(uid);
    if (sinceMs === undefined) return;
    this.#unschedulableSince.delete(uid);
    this.unschedulableMs += t - sinceMs;
    this.longestUnschedulableMs = Math.max(this.longestUnschedulableMs, t - sinceMs);
  }
}

/** What an eviction is waiting for when this pod runs. */
function placeOf(ledger: Ledger, event: { readonly pod: string; readonly uid: string }): string {
  return ledger.pods.get(event.uid)?.owner ?? event.pod;
}

/** Not the evicted pod itself on its way out, nor a restart of another pod of the same owner. */
function takesPlace(ledger: Ledger, uid: string): boolean {
  const pod = ledger.pods.get(uid);
  return pod === undefined || (!pod.evicted && (pod.owner === undefined || pod.phase !== "Running"));
}
