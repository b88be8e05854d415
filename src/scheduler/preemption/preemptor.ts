import type { PodInfo } from "../pod-info.ts";
import type { Evictions } from "./evictions.ts";
import type { Nominations } from "./nominations.ts";
import type { Preemption } from "./preemption.ts";

/** Told what becomes of pods for which room was to be made. */
export interface NominationObserver {
  /** Somebody more important wants the room: the pod is to look for another place. */
  lost(pod: PodInfo): void;
  /** The pods that should have gone could not be sent away. */
  failed(pod: PodInfo, error: unknown): void;
}

/** Makes room for pods that fit nowhere: chooses who goes, reserves the room, and sends them away. */
export class Preemptor {
  readonly #preemption: Preemption;
  readonly #evictions: Evictions;
  readonly #nominations: Nominations;
  readonly #observer: NominationObserver;
  /** Pods for which room was made at their last try: there is nothing more to say of preemption. */
  readonly #helped = new Set<string>();
  /** By uid: who was sent away for a pod, as `namespace/name`, the most important first. */
  readonly #victims = new Map<string, readonly string[]>();

  constructor(parts: {
    readonly preemption: Preemption;
    readonly evictions: Evictions;
    readonly nominations: Nominations;
    readonly observer: NominationObserver;
  }) {
    this.#preemption = parts.preemption;
    this.#evictions = parts.evictions;
    this.#nominations = parts.nominations;
    this.#observer = parts.observer;
  }

  /**
   * A pod fits nowhere. Sends away others for it where that helps.
   * @returns the node where room is being made for it now; undefined when nowhere
   */
  help(pod: PodInfo): string | undefined {
    this.#helped.delete(pod.uid);
    const candidate = this.seenBy(pod, () => this.#preemption.candidateFor(pod));
    if (candidate === undefined) return this.seenBy(pod, () => this.#keptNomination(pod));
    const { node, victims } = candidate;
    for (const other of this.#nominations.below(pod.priority, node)) {
      this.#nominations.remove(other.uid);
      this.#victims.delete(other.uid);
      this.#observer.lost(other);
    }
    this.#nominations.add(pod, node.name);
    this.#helped.add(pod.uid);
    const names = victims.map(({ namespace, name }) => `${namespace}/${name}`);
    this.#victims.set(pod.uid, [...new Set([...this.victimsOf(pod.uid), ...names])]);
    this.#evictions.evict(victims, pod, node.name).catch((error: unknown) => {
      this.#observer.failed(pod, error);
    });
    return node.name;
  }

  /** The pod is placed, gone or tried anew. @returns the node on which room is free that was reserved for it */
  forget(uid: string) {
    this.#helped.delete(uid);
    this.#victims.delete(uid);
    return this.#nominations.remove(uid);
  }

  /** Who was sent away for a pod, as `namespace/name`, since it waits. */
  victimsOf(uid: string): readonly string[] {
    return this.#victims.get(uid) ?? [];
  }

  /** Room was being made for a pod before. */
  nominate(pod: PodInfo, nodeName: string): void {
    this.#nominations.add(pod, nodeName);
  }

  /** A pod takes no room any more. */
  gone(uid: string): void {
    this.#evictions.gone(uid);
  }

  /** As `Nominations.seenBy`. */
  seenBy<T>(pod: PodInfo, act: () => T): T {
    return this.#nominations.seenBy(pod, act);
  }

  /** What is to be said of preemption to a pod that fits nowhere; "" when room is being made for it. */
  opinion(pod: PodInfo): string {
    return this.#helped.has(pod.uid) ? "" : this.#preemption.opinion(pod);
  }

  /** While pods go that were sent away for it, a pod keeps its place. */
  #keptNomination(pod: PodInfo): string | undefined {
    if (pod.nominatedNode !== undefined && this.#preemption.isWaitingFor(pod)) return pod.nominatedNode;
    this.#nominations.remove(pod.uid);
    return undefined;
  }
}
