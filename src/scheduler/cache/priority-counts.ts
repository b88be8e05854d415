interface Counted {
  readonly priority: number;
  pods: number;
}

/** How many pods there are of each priority: tells at once that nobody is there to be pushed out. */
export class PriorityCounts {
  readonly #counts = new Map<number, Counted>();
  /** Most pods have the priority of the one before. */
  #last: Counted = { priority: 0, pods: 0 };

  constructor() {
    this.#counts.set(0, this.#last);
  }

  add(priority: number): void {
    if (this.#last.priority !== priority) this.#last = this.#of(priority);
    this.#last.pods++;
  }

  remove(priority: number): void {
    if (this.#last.priority !== priority) this.#last = this.#of(priority);
    this.#last.pods--;
  }

  /** True when some pod is of less than this priority. */
  hasBelow(priority: number): boolean {
    for (const counted of this.#counts.values()) {
      if (counted.priority < priority && counted.pods > 0) return true;
    }
    return false;
  }

  #of(priority: number): Counted {
    let counted = this.#counts.get(priority);
    if (counted === undefined) {
      counted = { priority, pods: 0 };
      this.#counts.set(priority, counted);
    }
    return counted;
  }
}
