import { describe, expect, it } from "vitest";
import { createRandom } from "../lib/random.ts";
import { SortedKeys } from "./sorted-keys.ts";

/** Keys beside the set that they must agree with. */
class Checked {
  readonly alive = new Set<string>();
  readonly keys = new SortedKeys(
    (key) => this.alive.has(key),
    () => this.alive,
  );

  toggle(key: string): void {
    if (this.alive.delete(key)) this.keys.remove();
    else {
      this.alive.add(key);
      this.keys.add(key);
    }
  }

  /** What a reader sees. */
  seen(): string[] {
    return this.keys.look().filter((key) => this.alive.has(key));
  }
}

describe("SortedKeys", () => {
  it("shows what is alive, in order and once, after few, many and very many unseen changes", () => {
    const random = createRandom("sorted keys");
    for (const changesPerLook of [1, 10, 100, 1_000, 20_000]) {
      const checked = new Checked();
      for (let look = 0; look < 20; look++) {
        for (let change = 0; change < changesPerLook; change++) checked.toggle(`k${random.below(3_000)}`);
        expect(checked.seen()).toEqual([...checked.alive].sort());
      }
    }
  });

  it("keeps no more dead keys than living ones, and no list of changes that nobody looks at", () => {
    const checked = new Checked();
    for (let index = 0; index < 10_000; index++) checked.toggle(`k${index}`);
    checked.seen();
    for (let index = 0; index < 9_000; index++) checked.toggle(`k${index}`);
    expect(checked.keys.look().length).toBeLessThanOrEqual(2_000);
    for (let round = 0; round < 100_000; round++) checked.toggle(`new${round % 2}`);
    expect(checked.keys.look().length).toBeLessThanOrEqual(2_200);
  });
});
