import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { commandReference } from "../../src/cli/help/markdown.ts";
import { COMMANDS } from "../../src/cli/registry.ts";

it("docs/cli.md is what the registry says; else run: node --import tsx scripts/generate-cli-docs.ts", () => {
  const file = join(import.meta.dirname, "..", "..", "docs", "cli.md");
  expect(readFileSync(file, "utf8")).toBe(commandReference(COMMANDS));
});
