import { isFinished, type Pod } from "../../api/kinds/pod.ts";
import { Heap } from "../../lib/heap.ts";

/** The finished pods of the cluster, so that the oldest can go when there are too many. */
export class FinishedPods {
  readonly #byUid = new Map<string, Pod>();
  /** Those that go first on top; what has gone or changed since is passed over. */
  #order = newOrder();

  get size(): number {
    return this.#byUid.size;
  }

  update(before: Pod | undefined, after: Pod | undefined): void {
    if (after !== undefined && isFinished(after)) {
      this.#byUid.set(after.metadata.uid, after);
      this.#order.push(after);
    } else this.#byUid.delete(((after ?? before) as Pod).metadata.uid);
    if (this.#order.size <= 2 * this.#byUid.size + 64) return;
    this.#order = newOrder();
    for (const pod of this.#byUid.values()) this.#order.push(pod);
  }

  /** Those beyond the limit: evicted ones first, then the oldest. */
  excess(limit: number): readonly Pod[] {
    const count = this.#byUid.size - limit;
    if (count <= 0) return [];
    const first: Pod[] = [];
    while (first.length < count) {
      const pod = this.#order.pop();
      if (pod === undefined) break;
      if (this.#byUid.get(pod.metadata.uid) === pod) first.push(pod);
    }
    // They stay finished pods until they are gone.
    for (const pod of first) this.#order.push(pod);
    return first;
  }
}

function goesFirst(a: Pod, b: Pod): number {
  const evicted = Number(b.status.reason === "Evicted") - Number(a.status.reason === "Evicted");
  if (evicted !== 0) return evicted;
  const [older, younger] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp];
  if (older !== younger) return older < younger ? -1 : 1;
  return a.metadata.uid < b.metadata.uid ? -1 : 1;
}

function newOrder(): Heap<Pod> {
  return new Heap<Pod>((a, b) => goesFirst(a, b) < 0);
}
