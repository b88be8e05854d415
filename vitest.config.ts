import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Test projects: `tidy` reads the tree, `unit` stands beside the source, `system` crosses rooms and starts real programs. */
export default defineConfig({
  test: {
    // Vitest would keep a core free; system tests mostly wait for other programs.
    maxWorkers: Math.max(2, availableParallelism()),
    projects: [
      { test: { name: "tidy", include: ["test/tidy/**/*.test.ts"] } },
      { test: { name: "unit", include: ["src/**/*.test.ts"] } },
      {
        test: {
          name: "system",
          include: ["test/**/*.test.ts"],
          exclude: ["test/tidy/**", "**/node_modules/**"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
