import { Heap } from "../../lib/heap.ts";
import { isAhead, type Place } from "./demand-index.ts";
import type { PodClass, QueuedPod } from "./pod-class.ts";

/**
 * Pods to be tried now: higher priority first, then the earlier place. A class stands here with the pod whose turn it
 * is; the next one takes over when that has left.
 */
export class ActiveQueue {
  readonly #standing = new Heap<Place>(isAhead);

  /** Puts a class in, or moves it forward when an earlier pod has its turn now; nothing when all were passed over. */
  add(podClass: PodClass): void {
    const first = podClass.next();
    if (first === undefined) return;
    const { place, priority } = first.info;
    if (podClass.activePlace !== undefined && podClass.activePlace <= place) return;
    podClass.activePlace = place;
    this.#standing.push({ podClass, priority, place });
  }

  /** Where the class stands whose pod is next. */
  first(): Place | undefined {
    for (;;) {
      const standing = this.#standing.peek();
      if (standing === undefined) return undefined;
      const { podClass, place } = standing;
      // It has moved forward since, or has been taken out.
      const isStale = podClass.activePlace !== place;
      if (!isStale && podClass.next()?.info.place === place) return standing;
      this.#standing.pop();
      if (isStale) continue;
      podClass.activePlace = undefined;
      this.add(podClass);
    }
  }

  /** Takes out the class whose pod is next, and gives that pod. */
  pop(): QueuedPod | undefined {
    const podClass = this.first()?.podClass;
    if (podClass === undefined) return undefined;
    this.#standing.pop();
    podClass.activePlace = undefined;
    return podClass.next();
  }

  /** Takes a class out; harmless when it is not in. */
  remove(podClass: PodClass): void {
    podClass.activePlace = undefined;
  }

  /** True when nothing stands here. */
  isEmpty(): boolean {
    return this.first() === undefined;
  }
}
