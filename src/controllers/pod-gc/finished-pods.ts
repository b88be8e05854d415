import { isFinished, type Pod } from "../../api/kinds/pod.ts";

/** The finished pods of the cluster, so that the oldest can go when there are too many. */
export class FinishedPods {
  readonly #byUid = new Map<string, Pod>();

  get size(): number {
    return this.#byUid.size;
  }

  update(before: Pod | undefined, after: Pod | undefined): void {
    if (after !== undefined && isFinished(after)) this.#byUid.set(after.metadata.uid, after);
    else this.#byUid.delete(((after ?? before) as Pod).metadata.uid);
  }

  /** Those beyond the limit: evicted ones first, then the oldest. */
  excess(limit: number): readonly Pod[] {
    if (this.#byUid.size <= limit) return [];
    return [...this.#byUid.values()].sort(goesFirst).slice(0, this.#byUid.size - limit);
  }
}

function goesFirst(a: Pod, b: Pod): number {
  const evicted = Number(b.status.reason === "Evicted") - Number(a.status.reason === "Evicted");
  if (evicted !== 0) return evicted;
  const [older, younger] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp];
  if (older !== younger) return older < younger ? -1 : 1;
  return a.metadata.uid < b.metadata.uid ? -1 : 1;
}
