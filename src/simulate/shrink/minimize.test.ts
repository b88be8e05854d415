import { expect, it } from "vitest";
import { minimize } from "./minimize.ts";

const numbers = Array.from({ length: 100 }, (_, index) => index);

it.each([[[]], [[17]], [[0, 99]], [[3, 4, 5]], [[10, 50, 90]]])(
  "finds the few that matter: %j",
  async (needed) => {
    let tries = 0;
    const found = await minimize(numbers, async (part) => {
      tries++;
      return needed.every((one) => part.includes(one));
    });
    expect(found).toEqual(needed);
    expect(tries).toBeLessThan(120);
  },
);
