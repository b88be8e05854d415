import type { PodInfo } from "../pod-info.ts";
import type { PodClass } from "./pod-class.ts";

/** Classes of pods that fit nowhere, until something happens that may let them fit. */
export class UnschedulablePods {
  readonly #parked = new Set<PodClass>();

  get size(): number {
    return this.#parked.size;
  }

  add(podClass: PodClass, nowMs: number): void {
    podClass.parkedAtMs = nowMs;
    podClass.startOver();
    this.#parked.add(podClass);
  }

  /** Harmless when it is not in. */
  remove(podClass: PodClass): void {
    podClass.parkedAtMs = undefined;
    this.#parked.delete(podClass);
  }

  /** Takes out the classes whose pods may fit now. */
  takeWhere(mayFit: (info: PodInfo) => boolean): PodClass[] {
    return this.#take((podClass) => {
      const first = podClass.first();
      return first !== undefined && mayFit(first.info);
    });
  }

  /** Takes out the classes that were put aside at this time or before. */
  takeParkedUntil(untilMs: number): PodClass[] {
    return this.#take(({ parkedAtMs }) => (parkedAtMs as number) <= untilMs);
  }

  #take(isWanted: (podClass: PodClass) => boolean): PodClass[] {
    const taken = [...this.#parked].filter(isWanted);
    for (const podClass of taken) this.remove(podClass);
    return taken;
  }
}
