// Writes docs/cli.md from the command registry: node --import tsx scripts/generate-cli-docs.ts
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandReference } from "../src/cli/help/markdown.ts";
import { COMMANDS } from "../src/cli/registry.ts";

writeFileSync(join(import.meta.dirname, "..", "docs", "cli.md"), commandReference(COMMANDS));
