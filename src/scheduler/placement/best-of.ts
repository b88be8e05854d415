/** The best of a few nodes, which are scored only when there are two; of equal ones the node created first. */
export class BestOf {
  readonly #score: (index: number) => number;
  #best = -1;
  #bestScore: number | undefined;

  constructor(score: (index: number) => number) {
    this.#score = score;
  }

  /** -1 when none was offered. */
  get index(): number {
    return this.#best;
  }

  offer(index: number): void {
    if (this.#best < 0) {
      this.#best = index;
      return;
    }
    this.#bestScore ??= this.#score(this.#best);
    const score = this.#score(index);
    if (score < this.#bestScore || (score === this.#bestScore && this.#best < index)) return;
    this.#best = index;
    this.#bestScore = score;
  }
}
