/** Nodes of one zone that wait for their eviction taint: one at a time, at the zone's rate, without a burst. */
export class EvictionQueue {
  readonly #waiting = new Set<string>();
  #ratePerSecond: number;
  #nextAtMs: number;

  constructor(ratePerSecond: number, nowMs: number) {
    this.#ratePerSecond = ratePerSecond;
    this.#nextAtMs = nowMs;
  }

  add(nodeName: string): void {
    this.#waiting.add(nodeName);
  }

  remove(nodeName: string): void {
    this.#waiting.delete(nodeName);
  }

  clear(): void {
    this.#waiting.clear();
  }

  /** When the next node may be taken (monotonic ms); undefined: nobody waits, or the zone has stopped. */
  get nextAtMs(): number | undefined {
    return this.#waiting.size === 0 || this.#ratePerSecond === 0 ? undefined : this.#nextAtMs;
  }

  /** Changes the rate. Who was waiting for a turn waits for a whole one at the new rate. */
  setRate(ratePerSecond: number, nowMs: number): void {
    const isWaiting = this.#ratePerSecond === 0 || nowMs < this.#nextAtMs;
    this.#ratePerSecond = ratePerSecond;
    this.#nextAtMs = isWaiting && ratePerSecond > 0 ? nowMs + 1_000 / ratePerSecond : nowMs;
  }

  /** Takes the node that has waited longest, if its turn has come. */
  take(nowMs: number): string | undefined {
    const nextAtMs = this.nextAtMs;
    if (nextAtMs === undefined || nowMs < nextAtMs) return undefined;
    const [first] = this.#waiting;
    this.#waiting.delete(first as string);
    this.#nextAtMs = nowMs + 1_000 / this.#ratePerSecond;
    return first;
  }
}
