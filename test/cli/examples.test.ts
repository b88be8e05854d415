import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parseCommandLine } from "../../src/cli/program.ts";
import { COMMANDS } from "../../src/cli/registry.ts";
import { Home } from "./program.ts";
import { connectTo, LISTED, setScene, wordsOf } from "./scene.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const all = LISTED.flatMap((command) =>
  command.examples.map((example) => ({ ...example, path: command.path })),
);
/** They start and stop servers by themselves; test/server runs those, and the demo has a test of its own. */
const runs = all.filter(
  ({ parseOnly, path }) => parseOnly === undefined && !["server", "demo"].includes(path[0] ?? ""),
);

describe("every example in every help", () => {
  const home = new Home();
  let cluster: Awaited<ReturnType<typeof connectTo>>;
  beforeAll(async () => {
    await home.succeed(["server", "start", "--store", "memory"]);
    cluster = await connectTo(home);
  });
  beforeEach(() => setScene(cluster.objects));
  afterAll(async () => {
    await cluster.close();
    await home.remove();
  });

  it.each(all)("$line is understood", ({ line, path }) => {
    const setting = { commands: COMMANDS, version: "0", env: {}, bold: (text: string) => text, width: 80 };
    const parsed = parseCommandLine(wordsOf(line), setting);
    expect(parsed.kind === "run" && parsed.command.path).toEqual(path);
  });

  it.each(runs)("$line works", async ({ line, path }) => {
    if (path.join(" ") === "nodes uncordon") await home.succeed(["nodes", "cordon", "node-1"]);
    if (path.join(" ") === "nodes revive") await home.succeed(["nodes", "kill", "node-1"]);
    if (path.join(" ") === "nodes remove") await home.succeed(["nodes", "drain", "node-3"]);
    const outcome = await home.run(wordsOf(line), { cwd: ROOT });
    expect(outcome.stderr).not.toContain("error:");
    expect(outcome.code).toBe(0);
    expect(outcome.stdout + outcome.stderr).not.toBe("");
  });
});

it("every command has an example that a test runs or says why not", () => {
  for (const { path, examples } of LISTED) {
    expect(examples.length, path.join(" ")).toBeGreaterThan(0);
    for (const { line } of examples)
      expect(line).toMatch(new RegExp(`kubesim (--\\S+ \\S+ )*${path.join(" ")}`));
  }
});
