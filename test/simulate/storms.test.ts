import { describe, expect, it } from "vitest";
import { storm } from "./storm.ts";

/**
 * Goal: whatever happens to nodes, no invariant is broken, and 60 s after all is healed every pod that fits runs.
 * Method: storms by chance over 20 nodes and 300 pods, watched by books of the test's own. KUBESIM_STORMS is how many.
 */
const STORMS = Number(process.env.KUBESIM_STORMS ?? 200);
const PER_TEST = 25;
const starts = Array.from({ length: Math.ceil(STORMS / PER_TEST) }, (_, index) => index * PER_TEST);

describe(`${STORMS} storms`, () => {
  it.each(starts)(
    "from seed %i on, break no invariant and leave nobody waiting that fits",
    async (start) => {
      let [evicted, running, waiting] = [0, 0, 0];
      for (let seed = start; seed < Math.min(start + PER_TEST, STORMS); seed++) {
        const outcome = await storm(String(seed));
        expect(outcome.violations).toEqual([]);
        evicted += outcome.evicted;
        running += outcome.running;
        waiting += outcome.waiting;
      }
      // A storm in which nothing happens proves nothing.
      expect(evicted).toBeGreaterThan(500);
      expect(running).toBeGreaterThan(1_000);
      expect(waiting).toBeGreaterThan(100);
    },
    300_000,
  );
});
