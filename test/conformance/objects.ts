import { afterEach, beforeEach, describe } from "vitest";
import type { Objects } from "../../src/api/objects.ts";
import { describeApplies } from "./objects-apply.ts";
import { describeDeletions } from "./objects-deletions.ts";
import { describePatches } from "./objects-patches.ts";
import { describeReads } from "./objects-reads.ts";
import { describeWatches } from "./objects-watches.ts";
import { describeWrites } from "./objects-writes.ts";

/** An Objects over a bootstrapped store of its own, and how to end it. */
export interface ObjectsUnderTest {
  readonly objects: Objects;
  close(): Promise<void>;
}

/** Makes one; `historyLimit` is how many changes its store keeps for watches. */
export type ObjectsFactory = (options: { readonly historyLimit?: number }) => Promise<ObjectsUnderTest>;

/** What every Objects must do (the contract in src/api/objects.ts, with Kubernetes' meaning). */
export function describeObjects(name: string, create: ObjectsFactory): void {
  describe(`${name} keeps the contract of objects:`, () => {
    let underTest: ObjectsUnderTest;

    beforeEach(async () => {
      underTest = await create({});
    });

    afterEach(async () => {
      await underTest.close();
    });

    const current = () => underTest.objects;
    describeWrites(current);
    describePatches(current);
    describeApplies(current);
    describeDeletions(current);
    describeReads(current, create);
    describeWatches(current, create);
  });
}
