import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * A limit is there to end what hangs, and for nothing else: with this patience no machine is too busy. `poll` is how
 * long `expect.poll` goes on asking.
 */
const patience = { testTimeout: 600_000, hookTimeout: 600_000, expect: { poll: { timeout: 120_000 } } };

/** Files that take minutes: who begins with them is not left waiting for one of them on one core at the end. */
const LONG = ["test/simulate/storms.test.ts"];

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONG.some((file) => moduleId.endsWith(file));
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/** Test projects: `tidy` reads the tree, `unit` stands beside the source, `system` crosses rooms and starts real programs. */
export default defineConfig({
  test: {
    // Vitest would keep a core free; system tests mostly wait for other programs.
    sequence: { sequencer: LongFirst },
    maxWorkers: Math.max(2, availableParallelism()),
    projects: [
      { test: { name: "tidy", include: ["test/tidy/**/*.test.ts"], ...patience } },
      { test: { name: "unit", include: ["src/**/*.test.ts"], ...patience } },
      {
        test: {
          name: "system",
          include: ["test/**/*.test.ts"],
          exclude: ["test/tidy/**", "**/node_modules/**"],
          ...patience,
        },
      },
    ],
  },
});
