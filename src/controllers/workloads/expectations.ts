/** A write whose event has not come after so long is believed to be lost (client-go's ExpectationsTimeout). */
export const EXPECTATIONS_TIMEOUT_MS = 300_000;

interface Expected {
  creations: number;
  readonly deletions: Set<string>;
  sinceMs: number;
}

/**
 * What owners have written and not seen yet. Nobody decides anew before their own earlier writes have come back through
 * the watch: the local copy would make them create or delete the same a second time.
 */
export class Expectations {
  readonly #byOwner = new Map<string, Expected>();

  /** Call before creating, so that no event can come first. */
  expectCreations(ownerUid: string, count: number, nowMs: number): void {
    if (count > 0) this.#of(ownerUid, nowMs).creations += count;
  }

  /** Call before deleting. */
  expectDeletions(ownerUid: string, childUids: readonly string[], nowMs: number): void {
    if (childUids.length === 0) return;
    const expected = this.#of(ownerUid, nowMs);
    for (const uid of childUids) expected.deletions.add(uid);
  }

  /** One creation was seen, or failed. */
  created(ownerUid: string, count = 1): void {
    const expected = this.#byOwner.get(ownerUid);
    if (expected === undefined) return;
    expected.creations = Math.max(0, expected.creations - count);
    this.#dropMet(ownerUid, expected);
  }

  /** One deletion was seen to begin or to be done, or failed. */
  deleted(ownerUid: string, childUid: string): void {
    const expected = this.#byOwner.get(ownerUid);
    if (expected?.deletions.delete(childUid)) this.#dropMet(ownerUid, expected);
  }

  forget(ownerUid: string): void {
    this.#byOwner.delete(ownerUid);
  }

  isMet(ownerUid: string, nowMs: number): boolean {
    const expected = this.#byOwner.get(ownerUid);
    return expected === undefined || nowMs - expected.sinceMs > EXPECTATIONS_TIMEOUT_MS;
  }

  #of(ownerUid: string, nowMs: number): Expected {
    let expected = this.#byOwner.get(ownerUid);
    if (expected === undefined || nowMs - expected.sinceMs > EXPECTATIONS_TIMEOUT_MS) {
      expected = { creations: 0, deletions: new Set(), sinceMs: nowMs };
      this.#byOwner.set(ownerUid, expected);
    }
    expected.sinceMs = nowMs;
    return expected;
  }

  #dropMet(ownerUid: string, { creations, deletions }: Expected): void {
    if (creations === 0 && deletions.size === 0) this.#byOwner.delete(ownerUid);
  }
}
