import type { NodeEntry } from "../cache/node-entry.ts";
import type { PodInfo } from "../pod-info.ts";
import { DemandIndex, type Place } from "./demand-index.ts";
import { FreedNodes, type MayFit } from "./freed-nodes.ts";
import type { PodClass } from "./pod-class.ts";

/** Classes of pods that fit nowhere, until something happens that may let them fit. */
export class UnschedulablePods {
  /** The one that was put aside first comes first. */
  readonly #parked = new Set<PodClass>();
  /** Those of them that wait for other things than room as well. */
  readonly #particular = new Set<PodClass>();
  readonly #index = new DemandIndex();
  readonly #freed: FreedNodes;

  constructor(mayFit: MayFit) {
    this.#freed = new FreedNodes(this.#index, mayFit);
  }

  get size(): number {
    return this.#parked.size;
  }

  get hasParticular(): boolean {
    return this.#particular.size > 0;
  }

  /** When the first was put aside that is still in. */
  get firstParkedMs(): number | undefined {
    for (const { parkedAtMs } of this.#parked) return parkedAtMs;
    return undefined;
  }

  add(podClass: PodClass, nowMs: number): void {
    this.remove(podClass);
    podClass.parkedAtMs = nowMs;
    podClass.startOver();
    this.#parked.add(podClass);
    this.#index.add(podClass);
    if (isParticular(podClass)) this.#particular.add(podClass);
  }

  /** Harmless when it is not in. */
  remove(podClass: PodClass): void {
    if (podClass.parkedAtMs === undefined) return;
    podClass.parkedAtMs = undefined;
    this.#parked.delete(podClass);
    this.#particular.delete(podClass);
    this.#index.remove(podClass);
  }

  /** A pod of a class in here has left. */
  changed(podClass: PodClass): void {
    if (podClass.first()?.info.place === this.#index.placeOf(podClass)?.place) return;
    this.#index.remove(podClass);
    this.#index.add(podClass);
  }

  /** A node may take more than when they were put aside. */
  freed(node: NodeEntry): void {
    if (this.#parked.size > 0) this.#freed.add(node);
  }

  /** The first class of all. */
  first(): Place | undefined {
    return this.#index.first();
  }

  /** The first class that may fit on a node that was freed. */
  firstToFit(): Place | undefined {
    return this.#parked.size === 0 ? undefined : this.#freed.first();
  }

  /** Takes out the classes whose pods may fit now, of all or of those that wait for other things than room. */
  takeWhere(mayFit: (info: PodInfo) => boolean, who: "all" | "particular"): PodClass[] {
    return this.#take(who === "all" ? this.#parked : this.#particular, (podClass) => {
      const first = podClass.first();
      return first !== undefined && mayFit(first.info);
    });
  }

  /** Takes out the classes that were put aside at this time or before. */
  takeParkedUntil(untilMs: number): PodClass[] {
    const due: PodClass[] = [];
    for (const podClass of this.#parked) {
      if ((podClass.parkedAtMs as number) > untilMs) break;
      due.push(podClass);
    }
    for (const podClass of due) this.remove(podClass);
    return due;
  }

  #take(among: Iterable<PodClass>, isWanted: (podClass: PodClass) => boolean): PodClass[] {
    const taken = [...among].filter(isWanted);
    for (const podClass of taken) this.remove(podClass);
    return taken;
  }
}

/** Pods with rules about others or with claims, and those for which room is being made. */
function isParticular(podClass: PodClass): boolean {
  const info = podClass.first()?.info;
  return info !== undefined && (info.apart !== undefined || info.shape.claims !== undefined);
}
