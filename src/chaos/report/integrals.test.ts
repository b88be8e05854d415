import { expect, it } from "vitest";
import { type Counts, noCounts } from "../ledger.ts";
import { Integrals } from "./integrals.ts";

it("sums up every count over time", () => {
  const names = Object.keys(noCounts()) as (keyof Counts)[];
  const counts = Object.fromEntries(names.map((name, index) => [name, index + 1])) as unknown as Counts;
  const integrals = new Integrals(100);
  integrals.advance(130, counts);
  integrals.advance(130, { ...counts, nodes: 1_000 });
  integrals.advance(140, { ...counts, nodes: 0 });
  const expected = Object.fromEntries(names.map((name, index) => [name, 40 * (index + 1)]));
  expect(integrals.totals).toEqual({ ...expected, nodes: 30 });
});
