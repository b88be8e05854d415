/** So many changes are remembered; whoever is further behind looks at everything again. A power of two. */
const REMEMBERED = 8_192;

/**
 * Which nodes changed, in order. Readers remember the sequence number up to which they have read, so that a change
 * costs the same however many readers there are.
 */
export class ChangeLog {
  readonly #ring = new Int32Array(REMEMBERED);
  #sequence = 0;
  #forgotten = 0;

  /** Number of changes so far. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Notes that the node with this index changed. */
  push(index: number): void {
    this.#ring[this.#sequence & (REMEMBERED - 1)] = index;
    this.#sequence++;
  }

  /** Forgets everything: indices have another meaning from now on. */
  reset(): void {
    this.#sequence++;
    this.#forgotten = this.#sequence;
  }

  /** True when every change since `sequence` can still be read. */
  remembers(sequence: number): boolean {
    return sequence >= this.#forgotten && this.#sequence - sequence <= REMEMBERED;
  }

  /** The node that the change with this sequence number was about. */
  at(sequence: number): number {
    return this.#ring[sequence & (REMEMBERED - 1)] as number;
  }
}
