import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createRandom } from "../../src/lib/random.ts";
import { plainJobs } from "../oracles/plain-data.ts";
import { plainReplay } from "../oracles/plain-replay.ts";
import { simulate } from "./scene.ts";

const PROCESSORS = 16;
const JOBS = 250;

const directory = mkdtempSync(join(tmpdir(), "kubesim-disciplines-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** The log of a machine that is asked for more than it has, with many things at one instant. */
function drawLog(seed: string): string {
  const random = createRandom(seed);
  let submitS = 0;
  const lines = Array.from({ length: JOBS }, (_, at) => {
    submitS += random.below(4) * 10;
    const processors = 1 + random.below(random.below(4) === 0 ? PROCESSORS : 5);
    return `${at + 1} ${submitS} -1 ${10 * (1 + random.below(12))} ${processors} -1 -1 ${processors} -1`;
  });
  return `${lines.join("\n")}\n`;
}

describe.each(["fcfs", "skip", "easy"] as const)("%s", (queue) => {
  it.each(["a", "b"])(
    "starts every job of drawn log %s when a walk through the whole queue does",
    async (seed) => {
      const file = join(directory, `${queue}-${seed}.swf`);
      writeFileSync(file, drawLog(seed));
      const machine = { name: "machine-1", has: [PROCESSORS] };
      const plain = plainReplay([machine], plainJobs(file, PROCESSORS), "first-fit", queue);
      const result = await simulate({ nodes: { processors: PROCESSORS }, workload: { file }, queue });
      expect(result).toMatchObject({ ...plain, finished: JOBS, invariantViolations: 0 });
      expect(result.waited).toBeGreaterThan(JOBS / 4);
    },
  );
});
