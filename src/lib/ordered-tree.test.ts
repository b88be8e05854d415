import fc from "fast-check";
import { expect, test } from "vitest";
import { OrderedTree } from "./ordered-tree.ts";

interface Item {
  readonly place: number;
  readonly numbers: readonly [number, number];
}

const step = fc.record({
  place: fc.nat({ max: 60 }),
  numbers: fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: 9 })),
});

/** Puts items in, and takes out those that come a second time. */
function performed(steps: readonly Item[], combine: (a: number, b: number) => number) {
  const tree = new OrderedTree<Item>((a, b) => a.place < b.place, combine, 2);
  const known = new Map<number, { readonly item: Item; readonly id: number }>();
  for (const item of steps) {
    const there = known.get(item.place);
    if (there === undefined) known.set(item.place, { item, id: tree.add(item, item.numbers) });
    else {
      tree.remove(there.id);
      known.delete(item.place);
    }
  }
  const items = [...known.values()].map(({ item }) => item).sort((a, b) => a.place - b.place);
  expect(tree.size).toBe(items.length);
  expect(tree.first()).toBe(items[0]);
  return { tree, items };
}

test("finds the first item within limits behind any other, as a walk through all does", () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 120, size: "max" }),
      step,
      (steps, { place, numbers: limits }) => {
        const { tree, items } = performed(steps, Math.min);
        const fits = ({ numbers }: Item) => numbers[0] <= limits[0] && numbers[1] <= limits[1];
        expect(tree.firstWithin(limits)).toBe(items.find(fits));
        const after = { place, numbers: limits };
        expect(tree.firstWithin(limits, after)).toBe(items.find((item) => item.place > place && fits(item)));
      },
    ),
    { numRuns: 150 },
  );
});

test("finds how many of the first are enough, and their sums", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120, size: "max" }), fc.nat({ max: 200 }), (steps, wanted) => {
      const { tree, items } = performed(steps, (a, b) => a + b);
      let [first, second] = [0, 0];
      const enough = items.find(({ numbers }) => {
        first += numbers[0];
        second += numbers[1];
        return first >= wanted && second >= wanted / 2;
      });
      expect(
        tree.firstEnough((sums) => (sums[0] as number) >= wanted && (sums[1] as number) >= wanted / 2),
      ).toBe(enough);
      const head = items.filter(({ place }) => place < wanted);
      const sums = [0, 1].map((at) => head.reduce((sum, { numbers }) => sum + (numbers[at] as number), 0));
      expect([...tree.sumsWhile(({ place }) => place < wanted)]).toEqual(sums);
    }),
    { numRuns: 150 },
  );
});
