import { Heap } from "../../lib/heap.ts";
import type { PodClass, QueuedPod } from "./pod-class.ts";

interface Standing {
  readonly podClass: PodClass;
  readonly priority: number;
  readonly place: string;
}

/**
 * Pods to be tried now: higher priority first, then the earlier place. A class stands here with the pod whose turn it
 * is; the next one takes over when that has left.
 */
export class ActiveQueue {
  readonly #standing = new Heap<Standing>(
    (a, b) => a.priority > b.priority || (a.priority === b.priority && a.place < b.place),
  );

  /** Puts a class in, or moves it forward when an earlier pod has its turn now; nothing when all were passed over. */
  add(podClass: PodClass): void {
    const first = podClass.next();
    if (first === undefined) return;
    const { place, priority } = first.info;
    if (podClass.activePlace !== undefined && podClass.activePlace <= place) return;
    podClass.activePlace = place;
    this.#standing.push({ podClass, priority, place });
  }

  /** Takes out the class whose pod is next, and gives that pod. */
  pop(): QueuedPod | undefined {
    for (;;) {
      const standing = this.#standing.pop();
      if (standing === undefined) return undefined;
      const { podClass, place } = standing;
      // It has moved forward since, or has been taken out.
      if (podClass.activePlace !== place) continue;
      podClass.activePlace = undefined;
      const first = podClass.next();
      if (first?.info.place === place) return first;
      this.add(podClass);
    }
  }

  /** Takes a class out; harmless when it is not in. */
  remove(podClass: PodClass): void {
    podClass.activePlace = undefined;
  }

  /** True when nothing stands here. */
  isEmpty(): boolean {
    for (;;) {
      const standing = this.#standing.peek();
      if (standing === undefined) return true;
      const { podClass, place } = standing;
      if (podClass.activePlace === place && podClass.size > 0) return false;
      this.#standing.pop();
      if (podClass.activePlace === place) podClass.activePlace = undefined;
    }
  }
}
