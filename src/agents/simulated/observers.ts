/** Those who are told when something changes. */
export class Observers {
  readonly #all = new Set<() => void>();

  /** Calls back whenever `tell` is called, until the function that it returns is called. */
  add(callback: () => void): () => void {
    this.#all.add(callback);
    return () => void this.#all.delete(callback);
  }

  /** Something has changed. */
  tell(): void {
    for (const observer of [...this.#all]) observer();
  }
}
